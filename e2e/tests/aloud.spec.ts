// For who does not read small letters, or does not read: their size, and the phone's own voices.
import { expect, live, test, type Page, type Phone } from "../socle.ts";
import { entries, somePlace } from "../members.ts";

const LETTERS = "socle-letters";
const size = (page: Page) => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
const stored = (page: Page) => page.evaluate(() => Object.keys(localStorage));

/** Asked on a page: the words in the bar below that reach into their neighbours. */
function overlapping(): string[] {
  const words = [...document.querySelectorAll("nav.bottom a")].map((link) => {
    const range = document.createRange();
    range.selectNodeContents(link.querySelector("span")!);
    return { text: link.textContent!, box: range.getBoundingClientRect(), own: link.getBoundingClientRect() };
  });
  return words.filter(({ box, own }) => box.left < own.left - 1 || box.right > own.right + 1).map(({ text }) => text);
}

for (const [language, larger, smaller] of [["fr", "Plus grand", "Plus petit"], ["de", "Größer", "Kleiner"], ["ar", "أكبر", "أصغر"]]) {
  test(`letters grow and shrink, and are kept so, in ${language}`, async ({ phone, relay }) => {
    const { guide, id } = await somePlace(relay);
    const page = await (await phone({ locale: language })).page(`/${guide}/${language}/about`);
    await live(page);
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    expect(await size(page)).toBe(16);
    await button(larger).click();
    expect(await size(page)).toBeCloseTo(18.4, 3);
    await button(larger).click();
    expect(await size(page)).toBeCloseTo(20.8, 3);
    await page.reload();
    await live(page);
    expect(await size(page)).toBeCloseTo(20.8, 3);
    // On every page, and nothing is lost beside the screen.
    await page.goto(`${relay.origin}/${guide}/${language}/`);
    await live(page);
    expect(await size(page)).toBeCloseTo(20.8, 3);
    await page.goto(`${relay.origin}/${guide}/${language}/about`);
    await live(page);
    for (let tap = 0; tap < 9; tap += 1) await button(larger).click();
    expect(await size(page)).toBeCloseTo(23.2, 3);
    // Nor on other pages, nor on the narrowest of phones.
    await page.goto(`${relay.origin}/${guide}/${language}/place/${id}`);
    await live(page);
    await page.locator("article.place button[aria-pressed=false]").click();
    await page.locator("article.place button[aria-pressed=true]").waitFor();
    for (const path of ["about", "", "category/health", `place/${id}`, "search?q=a", "saved", "phone"]) {
      await page.goto(`${relay.origin}/${guide}/${language}/${path}`);
      await live(page);
      if (path === "saved") await page.locator("li.saved").waitFor();
      for (const width of [360, 320]) {
        await page.setViewportSize({ width, height: 640 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), `${path} at ${width}`).toBe(0);
        expect(await page.evaluate(overlapping), `${path} at ${width}`).toEqual([]);
      }
      await page.setViewportSize({ width: 360, height: 640 });
    }
    await page.goto(`${relay.origin}/${guide}/${language}/about`);
    await live(page);

    // Three taps back to the browser's own size: nothing is left of it on the phone.
    expect(await stored(page)).toContain(LETTERS);
    for (let tap = 0; tap < 3; tap += 1) await button(smaller).click();
    expect(await size(page)).toBe(16);
    expect(await stored(page)).not.toContain(LETTERS);
    await page.reload();
    await live(page);
    expect(await size(page)).toBe(16);
    for (let tap = 0; tap < 3; tap += 1) await button(smaller).click();
    expect(await size(page)).toBeCloseTo(13.6, 3);
  });
}

test("where nothing can be stored, letters grow as long as the page is open", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone();
  await reader.context.addInitScript(() => {
    Object.defineProperty(globalThis, "localStorage", {
      get() {
        throw new DOMException("", "SecurityError");
      },
    });
  });
  const page = await reader.page(`/${guide}/fr/about`);
  await live(page);
  await page.getByRole("button", { name: "Plus grand" }).click();
  expect(await size(page)).toBeCloseTo(18.4, 3);
  await page.getByRole("button", { name: "Plus grand" }).click();
  expect(await size(page)).toBeCloseTo(20.8, 3);
  await page.getByRole("button", { name: "Plus petit" }).click();
  expect(await size(page)).toBeCloseTo(18.4, 3);
});

test("without JavaScript no page offers what it cannot do", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const page = await (await phone({ javaScriptEnabled: false })).page(`/${guide}/fr/about`);
  await expect(page.getByRole("heading", { name: "Langues de ce guide" })).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
  await page.goto(`${relay.origin}/${guide}/fr/place/${id}`);
  await expect(page.getByRole("link", { name: "Partager" })).toBeVisible();
  await expect(page.getByRole("button")).toHaveCount(0);
});

type Voice = { name: string; lang: string; localService: boolean };
type Said = { text: string; lang: string; voice: string; local: boolean };

const AMELIE: Voice = { name: "Amélie", lang: "fr-FR", localService: true };
const FAR_FRENCH: Voice = { name: "Voix du nuage", lang: "fr-FR", localService: false };
const LAYLA: Voice = { name: "Layla", lang: "ar_EG", localService: true };
const FAR_ARABIC: Voice = { name: "Cloud Layla", lang: "ar-SA", localService: false };

/** A phone with these voices. What is spoken stays in a queue until the test says it is over. */
async function withVoices(phone: Phone, voices: Voice[]): Promise<void> {
  await phone.context.addInitScript((voices) => {
    class Speech extends EventTarget {
      voices = voices;
      queue: any[] = [];
      said: unknown[] = [];
      cancelled = 0;
      getVoices = () => this.voices;
      get pending() {
        return this.queue.length > 1;
      }
      get speaking() {
        return this.queue.length > 0;
      }
      speak(words: any) {
        this.queue.push(words);
        this.said.push({ text: words.text, lang: words.lang, voice: words.voice?.name ?? "", local: words.voice?.localService ?? false });
      }
      cancel() {
        this.queue = [];
        this.cancelled += 1;
      }
      finish() {
        while (this.queue.length) this.queue.shift().onend?.();
      }
    }
    class Words {
      constructor(public text: string) {}
    }
    Object.defineProperty(globalThis, "speechSynthesis", { value: new Speech() });
    Object.defineProperty(globalThis, "SpeechSynthesisUtterance", { value: Words });
  }, voices);
}

const aloud = (page: Page, name = "Lire à voix haute") => page.getByRole("button", { name });
const said = (page: Page) => page.evaluate(() => (globalThis as any).speechSynthesis.said as Said[]);
const speaking = (page: Page) => page.evaluate(() => (globalThis as any).speechSynthesis.speaking as boolean);
/** Taps, and waits until it reads: what reads is loaded by the tap. */
async function begin(page: Page): Promise<void> {
  await aloud(page).click();
  await expect.poll(() => speaking(page)).toBe(true);
}

test("a page is read aloud by the phone's own voice, until another tap", async ({ phone, relay }) => {
  const { guide, id, name } = await somePlace(relay);
  const reader = await phone();
  await withVoices(reader, [FAR_FRENCH, AMELIE, FAR_ARABIC]);
  const page = await reader.page(`/${guide}/fr/place/${id}`);
  await live(page);
  await begin(page);
  await expect(aloud(page, "Arrêter la lecture")).toBeVisible();
  await expect(aloud(page)).toHaveCount(0);

  const spoken = await said(page);
  expect(spoken[0].text).toBe(name);
  expect(new Set(spoken.map(({ voice }) => voice))).toEqual(new Set(["Amélie"]));
  expect(new Set(spoken.map(({ lang }) => lang))).toEqual(new Set(["fr"]));
  // Every heading, and each thing once.
  const texts = spoken.map(({ text }) => text.trim());
  for (const heading of await page.locator("#main h2").allInnerTexts()) expect(texts).toContain(heading.trim());
  expect(texts.filter((text) => text === name)).toHaveLength(1);

  await aloud(page, "Arrêter la lecture").click();
  expect(await speaking(page)).toBe(false);
  await expect(aloud(page)).toBeVisible();
  // From the beginning again; at its end the button offers to begin.
  await begin(page);
  expect((await said(page)).length).toBe(2 * spoken.length);
  await page.evaluate(() => (globalThis as any).speechSynthesis.finish());
  await expect(aloud(page)).toBeVisible();
});

test("taps in a hurry read a page once, or not at all", async ({ phone, relay }) => {
  const { guide, id, name } = await somePlace(relay);
  const reader = await phone();
  await withVoices(reader, [AMELIE]);
  const page = await reader.page(`/${guide}/fr/place/${id}`);
  await live(page);
  // All of them before what reads can be loaded.
  const taps = (count: number) =>
    page.locator("[data-aloud]:not(html)").evaluate((button: HTMLElement, count) => {
      for (let tap = 0; tap < count; tap += 1) button.click();
    }, count);
  const names = async () => (await said(page)).filter(({ text }) => text === name).length;
  await taps(3);
  await expect.poll(() => speaking(page)).toBe(true);
  await expect(aloud(page, "Arrêter la lecture")).toBeVisible();
  expect(await names()).toBe(1);

  await aloud(page, "Arrêter la lecture").click();
  await taps(2);
  await expect(aloud(page)).toBeVisible();
  await begin(page);
  expect(await names()).toBe(2);
});

test("everything that can be read on a place is read", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 4);
  const reader = await phone();
  await withVoices(reader, [AMELIE]);
  const page = await reader.page(`/${guide}/fr/place/${id}`);
  await live(page);
  // Only what is in French, as no voice here speaks the names of other languages, and no way to act.
  const wanted = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.getElementById("main")!, NodeFilter.SHOW_TEXT);
    const texts: string[] = [];
    while (walker.nextNode()) {
      const holder = walker.currentNode.parentElement!;
      const shown = holder.getClientRects().length && !holder.closest("nav, .actions, .on-map, button, svg, .unseen, [aria-hidden]");
      const text = walker.currentNode.textContent!.trim();
      if (shown && text && holder.closest("[lang]")!.getAttribute("lang") === "fr") texts.push(text);
    }
    return texts;
  });
  expect(wanted.length).toBeGreaterThan(10);
  await begin(page);
  const all = (await said(page)).map(({ text }) => text).join(" ");
  expect(wanted.filter((text) => !all.includes(text))).toEqual([]);
});

test("another page is not what is being read", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone();
  await withVoices(reader, [AMELIE]);
  const page = await reader.page(`/${guide}/fr/`);
  await live(page);
  await page.locator('a[href$="/category/food"]').first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Manger");
  await page.locator(`.card a[href*="/place/"]`).first().click();

  await begin(page);
  await page.getByRole("link", { name: "Partager" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Partager ce lieu");
  expect(await speaking(page)).toBe(false);

  await page.goBack();
  await begin(page);
  // The phone's own way back is no link.
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Manger");
  expect(await speaking(page)).toBe(false);
});

test("nobody else's machine reads aloud", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const reader = await phone();
  await withVoices(reader, [FAR_FRENCH, LAYLA]);
  const page = await reader.page(`/${guide}/fr/place/${id}`);
  await live(page);
  // There is a French voice, far away, and a near one that speaks no French.
  await expect(page.getByRole("link", { name: "Partager" })).toBeVisible();
  await expect(aloud(page)).toBeHidden();
  // Phones tell of their voices late.
  await page.evaluate((voice) => {
    const speech = (globalThis as any).speechSynthesis;
    speech.voices = [...speech.voices, voice];
    speech.dispatchEvent(new Event("voiceschanged"));
  }, AMELIE);
  await begin(page);
  expect(new Set((await said(page)).map(({ voice }) => voice))).toEqual(new Set(["Amélie"]));

  // A phone that knows no voices.
  const mute = await phone();
  await mute.context.addInitScript(() => Object.defineProperty(globalThis, "speechSynthesis", { value: undefined }));
  const silent = await mute.page(`/${guide}/fr/place/${id}`);
  await live(silent);
  await expect(aloud(silent)).toBeHidden();
  await silent.getByRole("link", { name: "Partager" }).click();
  await expect(silent.getByRole("heading", { level: 1 })).toHaveText("Partager ce lieu");
});

for (const [what, voices, spoken] of [
  ["what an officer is shown is left out where no voice speaks it", [LAYLA, FAR_FRENCH], ["Layla"]],
  ["each language is read by its own voice", [LAYLA, AMELIE], ["Amélie", "Layla"]],
] as const) {
  test(`on a card in two languages, ${what}`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const [card] = (await entries(relay, guide, "ar")).find(([, { page }]) => JSON.stringify(page ?? {}).includes('"source"'))!;
    const reader = await phone({ locale: "ar" });
    await withVoices(reader, [...voices]);
    const page = await reader.page(`/${guide}/ar/page/${card}`);
    await live(page);
    await page.locator("[data-aloud]:not(html)").click();
    await expect.poll(() => speaking(page)).toBe(true);
    const texts = await said(page);
    expect([...new Set(texts.map(({ voice }) => voice))].sort()).toEqual([...spoken].sort());
    for (const { voice, lang, local } of texts) expect([voice, local]).toEqual([lang === "fr" ? "Amélie" : "Layla", true]);
    const officers = await page.locator(".steps .source[lang=fr]").allInnerTexts();
    expect(officers.length).toBeGreaterThan(0);
    expect(texts.filter(({ lang }) => lang === "fr").map(({ text }) => text)).toEqual((spoken as readonly string[]).includes("Amélie") ? officers : []);
  });
}
