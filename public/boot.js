// Starts what makes the page live: the service worker and the app. The page stands and reads
// without either; whatever fails here leaves it as it is.

// The only scripts anything here may start are this site's own.
function ownScript(url) {
  const { origin, pathname, href } = new URL(url, location.href);
  if (origin !== location.origin || !(pathname === "/sw.js" || pathname.startsWith("/assets/"))) {
    throw new TypeError("not a script of this site");
  }
  return href;
}
const policy = globalThis.trustedTypes?.createPolicy("socle", { createScriptURL: ownScript }) ?? {
  createScriptURL: ownScript,
};

// One policy of this name is allowed: the app (WASM) uses this one for the members' worker.
globalThis.soclePolicy = policy;

// Members' pages: `/{guide}/join`, `/{guide}/{language}/edit/…`.
const members = /^\/[^/]+\/(join|[^/]+\/edit(\/.*)?)$/.test(location.pathname);

// Does what needs storage, where there is some.
function tried(act) {
  try {
    return act();
  } catch {
    // Storage is switched off: it holds for this page.
  }
}

// Where nothing is to be kept in this tab, there is nowhere to keep it: all that comes after here goes
// on as in a browser without storage. Members have a key to keep.
const forgets = !members && tried(() => sessionStorage.getItem("socle-forgets"));
const without = (...places) => places.forEach((place) => Object.defineProperty(globalThis, place, { value: undefined }));
if (forgets) without("indexedDB", "localStorage", "caches");

// Browsers from before 2022.
AbortSignal.timeout ??= (ms, late = new AbortController()) => (setTimeout(() => late.abort(), ms), late.signal);

// What is remembered on this phone: the language that was chosen last, the size of letters, contrast.
const recall = (name) => tried(() => localStorage.getItem(`socle-${name}`));
const remember = (name, value) => tried(() => (value ? localStorage.setItem(`socle-${name}`, value) : localStorage.removeItem(`socle-${name}`)));

// What the app asks of the browser that is shorter said here than in WASM.
globalThis.socle = {
  // Now on the clock of a time zone, `2026-11-23T18:30`; the phone's own zone where it knows no better.
  moment(timeZone) {
    try {
      // Where the browser has this, it is done before the other way has begun.
      const zone = timeZone || Temporal.Now.timeZoneId();
      const now = Temporal.Instant.fromEpochMilliseconds(Date.now()).toZonedDateTimeISO(zone);
      return now.toPlainDateTime().toString({ smallestUnit: "minute" });
    } catch {
      // Of an older browser, or a zone that it does not know.
    }
    const form = { hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
    let format;
    try {
      format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", { ...form, timeZone });
    } catch {
      format = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", form);
    }
    const part = Object.fromEntries(format.formatToParts(new Date()).map(({ type, value }) => [type, value]));
    return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
  },

  // What the person reads: the language they chose here last, then those of the browser's settings.
  languages() {
    const chosen = recall("language");
    return [...(chosen ? [chosen] : []), ...navigator.languages].join(" ");
  },

  // Between two long pieces of work: the browser paints, or answers a finger.
  breathe: () => new Promise((resolve) => setTimeout(resolve)),

  // Parts of the site that few people need are scripts of their own.
  load: (url) => import(url),
  // What such a part kept on this phone.
  forget: (guide) => globalThis.caches?.delete(`socle-streets-${guide}`),

  // Asks the service worker to keep files; `progress` hears {done, total, failed?} after each, and that there
  // is nothing to do where there is none, as in some private windows.
  async tellServiceWorker(message, progress) {
    const none = () => progress(0, 0, "");
    if (!navigator.serviceWorker) return none();
    // On a slow network it comes later than that, and is asked then.
    const late = setTimeout(none, 20_000);
    const { active } = await navigator.serviceWorker.ready;
    clearTimeout(late);
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => progress(data.done, data.total, data.failed ?? "");
    active.postMessage(JSON.parse(message), [channel.port2]);
  },

  // Calls `waits` when a newer version stands ready, and reloads once it has taken over.
  async watchForUpdates(waits, mayReload) {
    const registration = await navigator.serviceWorker?.ready;
    if (!registration) return;
    const look = () => registration.waiting && navigator.serviceWorker.controller && waits();
    registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
    look();
    let { controller } = navigator.serviceWorker;
    let reloading = false;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      const first = !controller;
      controller = navigator.serviceWorker.controller;
      // The first takeover of a page is no update, nor is the end of all. Unsaved work is never reloaded over.
      if (first || !controller || reloading || !mayReload()) return;
      reloading = true;
      location.reload();
    });
  },

  // The newer version takes over; where it did already, over unsaved work or in another tab, the page follows.
  async update() {
    const { waiting } = (await navigator.serviceWorker?.getRegistration()) ?? {};
    if (waiting) waiting.postMessage({ ask: "update" });
    else location.reload();
  },

  async lookForUpdate() {
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.update().catch(() => {});
  },
};

const root = document.documentElement;

// Leaving at once: the page is covered before anything else, and "back" does not lead to it. With no
// network the browser's own empty page is the neutral one: its address says nothing.
let leaving = false;
// Before anybody else hears of it: no question about unsaved work comes up. Drafts stay.
addEventListener("beforeunload", (event) => leaving && event.stopImmediatePropagation());
function leave(wiped) {
  leaving = true;
  document.body.hidden = true;
  document.title = "";
  const go = () => {
    speech?.cancel();
    history.replaceState(null, "", "/");
    location.replace((!wiped && navigator.onLine && document.querySelector("a.exit")?.href) || "about:blank");
  };
  // Going takes long enough to be seen: after the covered page is drawn. A tab behind draws nothing.
  if (wiped) go();
  else requestAnimationFrame(() => setTimeout(go));
}
globalThis.socle.leave = leave;
// Another tab wiped the phone: what is shown, done and remembered here goes as well. A tab that keeps
// nothing may hear of its own wiping.
addEventListener("storage", ({ key }) => {
  if (key !== null || forgets) return;
  tried(() => sessionStorage.clear());
  // A field that loses the focus as its page goes would be remembered once more.
  without("sessionStorage");
  leave(true);
});
// Before the questions that members' pages ask about unsaved work.
addEventListener("click", (event) => {
  if (!event.target.closest?.("a.exit")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  leave();
}, true);
let shifts = [];
addEventListener("keydown", ({ key, repeat, timeStamp }) => {
  // Three times within a second and a half, nothing between. Held, a key says itself again and again.
  if (repeat) return;
  shifts = key === "Shift" ? [...shifts.slice(-2), timeStamp] : [];
  if (shifts.length === 3 && timeStamp - shifts[0] < 1500) leave();
});

// The size of letters, in steps from the browser's own; kept where a person changed it.
const STEPS_MAX = 3;
let steps = Number(recall("letters")) || 0;
function letters(step) {
  steps = Math.min(Math.max(steps + step, -1), STEPS_MAX);
  remember("letters", steps);
  root.style.fontSize = steps ? `${100 + 15 * steps}%` : "";
}
// More contrast than the phone asks for.
function contrast(on) {
  root.toggleAttribute("data-contrast", on);
  remember("contrast", on ? "1" : "");
}
root.dataset.script = forgets ? "forgets" : "";
letters(0);
contrast(Boolean(recall("contrast")));

// Reading aloud with the phone's own voices: what others' machines would read, they would learn.
const speech = globalThis.speechSynthesis;
const primary = (tag) => tag.toLowerCase().split(/[-_]/)[0];
const voice = (tag) => speech?.getVoices().find((voice) => voice.localService && primary(voice.lang) === primary(tag));
function listen() {
  root.toggleAttribute("data-voice", Boolean(voice(root.lang)));
}
function silence() {
  speech.cancel();
  root.removeAttribute("data-aloud");
}
// The button offers to stop from the tap on: what reads may still have to be loaded.
async function begin() {
  root.dataset.aloud = "";
  try {
    (await import("{{aloud.js}}")).readAloud(voice, silence);
  } catch (error) {
    silence();
    throw error;
  }
}
if (speech) {
  speech.addEventListener?.("voiceschanged", listen);
  // Another page is not what is being read.
  for (const left of ["pagehide", "popstate", "submit"]) addEventListener(left, silence);
}

// What goes with the page's language: a voice, and letters where phones lack them.
async function attend() {
  if (speech) listen();
  const [, , chosen] = location.pathname.split("/");
  // On this phone only; the address says it to the relay, as of every page.
  if (/^[a-z]{2,3}(-\w+)?$/.test(chosen)) remember("language", chosen);
  const tag = primary(root.lang);
  if (!/^(am|bn|ti)$/.test(tag)) return;
  try {
    await (await import("{{letters.js}}")).look(tag);
  } catch (error) {
    console.warn("no other letters:", error);
  }
}
new MutationObserver(attend).observe(root, { attributeFilter: ["lang"] });
attend();
document.addEventListener("click", (event) => {
  const { target } = event;
  const tapped = (what) => target instanceof Element && target.closest(what);
  const step = tapped("[data-letters]");
  if (step) letters(Number(step.dataset.letters));
  if (tapped("button[data-contrast]")) contrast(!("contrast" in root.dataset));
  const wipe = tapped("[data-wipe]");
  if (wipe) import("{{wipe.js}}").then(({ wiped }) => wiped(wipe));
  if (tapped("[data-aloud]:not(html)") && !("aloud" in root.dataset)) begin();
  else if (speech && tapped("a, [data-aloud]:not(html)")) silence();
});

let started;
function start() {
  started ??= Promise.all([registerServiceWorker(), startApp()]);
  return started;
}

async function registerServiceWorker() {
  if (forgets || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(policy.createScriptURL("/sw.js"), { updateViaCache: "none" });
  } catch (error) {
    // Private windows and storage switched off: reading goes on, with a network.
    console.warn("no copy is kept:", error.message);
  }
}

async function startApp() {
  if (typeof WebAssembly !== "object") return;
  try {
    // The page that the phone keeps for starting with no network has the readers' style alone.
    if (members && !document.querySelector("link[rel=stylesheet]")) link({ rel: "stylesheet", href: "{{desk.css}}" });
    // Readers' and members' pages are two programs: readers do not pay for forms.
    const [script, wasm] = members ? ["{{desk.js}}", "{{desk.wasm}}"] : ["{{app.js}}", "{{app.wasm}}"];
    // Compiled while its script is on the way; old browsers leave it to the script.
    const module_or_path = WebAssembly.compileStreaming?.(fetch(wasm));
    module_or_path?.catch(() => {});
    // So do the words, which the program then finds under way.
    const words = JSON.parse(document.body.dataset.assets)[`locale-${location.pathname.split("/")[2]}.json`];
    if (words && !members) link({ rel: "preload", as: "fetch", crossOrigin: "", href: words });
    const pictograms = fetch("{{icons.svg}}").then((file) => (file.ok ? file.text() : ""), () => "");
    const program = await import(script);
    // What is cut off from the app takes hold of it by these.
    globalThis.socle.exports = await program.default(module_or_path && { module_or_path });
    await globalThis.socle.breathe();
    await program.start(await pictograms);
  } catch (error) {
    console.warn("the page stays as the relay sent it:", error);
  }
}

function link(attributes) {
  document.head.append(Object.assign(document.createElement("link"), attributes));
}

// On a data-saver connection nothing heavy loads unasked: the person asks by tapping "keep". Where
// the program is on the phone already, or the page is nothing without it, it starts all the same.
const sparing = navigator.connection?.saveData === true;
if (sparing) root.dataset.saves = "";
const empty = document.getElementById("app")?.childElementCount === 0;
if (empty || members) {
  start();
} else if (!sparing || navigator.serviceWorker?.controller) {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(start, { timeout: 2000 });
  else setTimeout(start, 1);
} else {
  // Pages offer to keep the guide by a link: nothing else here runs yet.
  root.dataset.sparing = "";
  document.addEventListener("click", async (event) => {
    const keep = event.target instanceof Element && event.target.closest("[data-keep]");
    if (!keep || started) return;
    event.preventDefault();
    const href = keep.getAttribute("href");
    await start();
    // The app has its own node in the tapped one's place, or is where it leads.
    document.querySelector(`[data-keep][href="${CSS.escape(href)}"]`)?.click();
  });
}
