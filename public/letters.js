// Letters that a cheap phone may lack. Whether it does is seen by drawing some of them; what is missing
// is offered with its size, and from then on kept by the service worker with everything else.
// Noto Sans, SIL Open Font License 1.1, cut down to the script.

const ETHIOPIC = { script: "ethiopic", sample: "ሀለመ", url: "{{letters-ethiopic.woff2}}", kilobytes: 46 };
const FONTS = { am: ETHIOPIC, ti: ETHIOPIC, bn: { script: "bengali", sample: "কখগ", url: "{{letters-bengali.woff2}}", kilobytes: 41 } };
const FAMILY = "Socle Letters";

// Each missing letter is drawn as the same empty box.
function isMissing({ sample }) {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return false;
  context.font = "24px system-ui, sans-serif";
  const drawings = [...sample].map((letter) => {
    context.clearRect(0, 0, 48, 48);
    context.fillText(letter, 4, 32);
    return context.getImageData(0, 0, 48, 48).data.join();
  });
  return new Set(drawings).size === 1;
}

async function load({ url }) {
  const face = await new FontFace(FAMILY, `url(${url})`).load();
  document.fonts.add(face);
}

const offered = new Set();

// Looks after the letters of a language: brings those that were downloaded once, offers the others.
export async function look(tag) {
  const font = FONTS[tag];
  if (!font || offered.has(font) || !isMissing(font)) return;
  offered.add(font);
  if (await globalThis.caches?.match(font.url)) return load(font);
  offer(font);
}

// In languages that are written in other letters: this one's may be boxes.
function offer(font) {
  const bar = document.createElement("aside");
  bar.className = `letters-offer ${font.script}`;
  for (const [lang, text] of [
    ["en", "This phone lacks letters of this language."],
    ["fr", "Il manque à ce téléphone des lettres de cette langue."],
  ]) {
    bar.append(Object.assign(document.createElement("p"), { lang, dir: "ltr", textContent: text }));
  }
  const button = (text, label, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, lang: "en", ariaLabel: label });
    made.className = "button";
    made.addEventListener("click", act);
    bar.append(made);
  };
  button(`↓ ${font.kilobytes} kB`, `Download, ${font.kilobytes} kilobytes`, async () => {
    try {
      await load(font);
      bar.remove();
    } catch {
      bar.append(Object.assign(document.createElement("p"), { lang: "en", role: "alert", textContent: "No network / Pas de réseau" }));
    }
  });
  button("✕", "No, thank you", () => bar.remove());
  document.body.append(bar);
}
