// What a reader's page says and does by itself: facts first, hours by the guide's clock, whose words they
// are, numbers that can be tapped, contrast, and the same pages where programs do not run.
import { readFileSync } from "node:fs";
import { expect, live, test, type Page } from "../socle.ts";
import { entries, somePlace, type Entry } from "../members.ts";
import type { Relay } from "../relay.ts";

const words = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../app/locales/${language}.json`, import.meta.url), "utf8"));

/** The published place whose name begins so. */
async function named(relay: Relay, guide: string, name: string): Promise<string> {
  const [id] = (await entries(relay, guide, "fr")).find(([, { place }]) => place?.name.startsWith(name))!;
  return id;
}

for (const language of ["fr", "ar"]) {
  test(`whether one can go is said on the first screen, in ${language}`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const page = await (await phone({ locale: language })).page(`/${guide}/${language}/place/${await named(relay, guide, "Accueil de jour")}`);
    await live(page);
    await expect(page.getByRole("heading", { name: words(language)["place.can_i_go"] })).toBeVisible();
    const bar = (await page.locator("nav.bottom").boundingBox())!;
    for (const fact of await page.locator(".facts .fact.good").all()) {
      const box = (await fact.boundingBox())!;
      expect(box.y + box.height, await fact.innerText()).toBeLessThanOrEqual(bar.y);
    }
    expect(await page.locator(".facts .fact.good").count()).toBeGreaterThan(3);
  });
}

test("a number does on a tap what its line can", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/place/${await named(relay, guide, "Numéros d'urgence")}`);
  for (const started of [false, true]) {
    if (started) await live(page);
    await expect(page.locator('.phones a[href="tel:112"]')).toBeVisible();
    await expect(page.locator('.phones a[href="sms:114"]')).toBeVisible();
    await expect(page.locator('a[href="tel:114"]')).toHaveCount(0);
    await expect(page.locator('.actions a[href="tel:112"]')).toHaveText("Appeler");
    await expect(page.locator('.actions a[href="sms:114"]')).toHaveText("SMS");
  }
});

test("the way there is the phone's own map's", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/place/${await named(relay, guide, "Hôtel de Ville")}`);
  await expect(page.locator(".actions a[href^='geo:45.']")).toBeVisible();
});

test("numbers stay readable inside Arabic", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone({ locale: "ar" })).page(`/${guide}/ar/place/${await named(relay, guide, "Cuisine solidaire")}`);
  await live(page);
  // From left to right as they are drawn: "11:30", then "14:00", whatever stands around them.
  const span = page.locator(".week .span").first();
  const drawn = await span.evaluate((element) => {
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const at: { word: string; left: number; right: number }[] = [];
    while (text.nextNode()) {
      for (const { 0: word, index } of text.currentNode.textContent!.matchAll(/\d+:\d+/g)) {
        const range = document.createRange();
        const box = (from: number, to: number) => (range.setStart(text.currentNode, from), range.setEnd(text.currentNode, to), range.getBoundingClientRect());
        at.push({ word, left: box(index, index + 1).left, right: box(index + word.length - 1, index + word.length).left });
      }
    }
    return at;
  });
  expect(drawn.map(({ word }) => word)).toEqual(["11:30", "14:00"]);
  for (const { word, left, right } of drawn) expect(left, `${word} begins on the left`).toBeLessThan(right);
  expect(drawn[0].left, "the later hour stands on the left, as the line is read").toBeGreaterThan(drawn[1].left);
  await page.goto(`${relay.origin}/${guide}/ar/place/${await named(relay, guide, "Numéros d'urgence")}`);
  await live(page);
  for (const number of await page.locator(".phones a bdi").all()) await expect(number).toHaveAttribute("dir", "ltr");
});

/** Its hours, as the relay writes them: every day from 20:00 to 01:00. */
const NIGHTS = { expanded: { written: "20:00-01:00", from: "2027-01-01", days: 400, week: Array.from({ length: 7 }, () => [[1200, 1500]]) } };

test("hours hold across midnight and the change of the clock, in the guide's time zone", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const id = await named(relay, guide, "Maraude");
  relay.rewritten.set(`/api/guides/${guide}/editions/fr`, (text) => {
    const edition = JSON.parse(text);
    const entry = edition.whole?.entries[id] as Entry | undefined;
    if (entry) entry.place!.hours = NIGHTS;
    return JSON.stringify(edition);
  });
  try {
    // The phone is in Tokyo, the guide in Paris, where 2:00 became 3:00 on 28 March 2027.
    for (const [now, said] of [
      ["2027-03-27T18:59:00Z", "Fermé, ouvre à 20:00"],
      ["2027-03-27T19:00:00Z", "Ouvert jusqu’à demain 1:00"],
      ["2027-03-27T23:59:00Z", "Ouvert jusqu’à 1:00"],
      ["2027-03-28T00:01:00Z", "Fermé, ouvre à 20:00"],
      ["2027-03-28T01:01:00Z", "Fermé, ouvre à 20:00"],
      ["2027-03-28T17:59:00Z", "Fermé, ouvre à 20:00"],
      ["2027-03-28T18:01:00Z", "Ouvert jusqu’à demain 1:00"],
      ["2027-10-31T00:30:00Z", "Fermé, ouvre à 20:00"],
      ["2027-10-31T19:01:00Z", "Ouvert jusqu’à demain 1:00"],
    ]) {
      const reader = await phone();
      const page = await reader.context.newPage();
      await page.clock.setFixedTime(now);
      await page.goto(`${relay.origin}/${guide}/fr/place/${id}`);
      await live(page);
      await expect(page.locator(".now .opening"), now).toHaveText(said);
    }
  } finally {
    relay.rewritten.clear();
  }
});

test("texts say when they are another language's, a machine's or out of date", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page("/");
  const remarks = async (language: string, path: string) => {
    await page.goto(`${relay.origin}/${guide}/${language}/${path}`);
    await live(page);
    return page.locator(".remark").allInnerTexts();
  };
  const library = `place/${await named(relay, guide, "Bibliothèque Kateb Yacine")}`;
  expect(await remarks("es", library)).toContain(words("es")["words.outdated"]);
  const [card] = (await entries(relay, guide, "fr")).find(([, { page }]) => JSON.stringify(page ?? null).includes("Contrôle d'identité"))!;
  // What is to be said of every step is said once.
  expect((await remarks("fa", `page/${card}`)).filter((remark) => remark === words("fa")["words.machine"])).toHaveLength(1);
  const missing = await remarks("ti", library);
  const notYet = words("ti")["words.not_yet"].replace("{language}", "ትግርኛ");
  // A translation into a third language may be out of date, or a machine's, as well.
  expect(missing.filter((remark) => remark.startsWith(notYet))).not.toEqual([]);
  await expect(page.locator(".prose[lang]").first()).toHaveAttribute("lang", /^(am|en|fr)$/);
});

test("more contrast is chosen on this copy's page and stays", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone();
  const page = await reader.page(`/${guide}/fr/about`);
  await live(page);
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const usual = await paper();
  await page.getByRole("button", { name: "Plus de contraste" }).click();
  expect(await paper()).toBe("rgb(255, 255, 255)");
  await page.reload();
  await live(page);
  expect(await paper()).toBe("rgb(255, 255, 255)");
  await page.getByRole("button", { name: "Contraste habituel" }).click();
  expect(await paper()).toBe(usual);
});

test("a phone that asks for less motion gets none", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone({ reducedMotion: "reduce" })).page(`/${guide}/fr/`);
  await live(page);
  const moving = await page.evaluate(() => document.getAnimations().length);
  expect(moving).toBe(0);
  const slow = await page.evaluate(() =>
    [...document.querySelectorAll("*")].filter((element) => {
      const { transitionDuration, animationName } = getComputedStyle(element);
      return animationName !== "none" || transitionDuration.split(",").some((time) => parseFloat(time) > 0);
    }).length,
  );
  expect(slow).toBe(0);
});

test("a browser without WebAssembly searches, filters and reads by pages", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone();
  await reader.context.addInitScript(() => {
    delete (globalThis as { WebAssembly?: unknown }).WebAssembly;
  });
  const page = await reader.page(`/${guide}/fr/`);
  await page.locator("#q").fill("medecin");
  await page.locator("#q").press("Enter");
  await expect(page).toHaveURL(/\/search\?q=medecin$/);
  await expect(page.locator(".card").first()).toBeVisible();
  await page.goto(`${relay.origin}/${guide}/fr/category/food`);
  await page.locator("nav.chips .filter", { hasText: "Gratuit" }).click();
  await expect(page).toHaveURL(/only=free/);
  await page.locator(".card a").first().click();
  await expect(page.getByRole("heading", { name: "Puis-je y aller ?" })).toBeVisible();
});

/** Holds the program back until it is let go. */
async function heldBack(page: Page): Promise<() => void> {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route("**/app-*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  return go;
}

test("what was ticked and chosen before the program came stays", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone();
  const page = await reader.context.newPage();
  const go = await heldBack(page);
  await page.goto(`${relay.origin}/${guide}/fr/category/food/filters`);
  await page.getByLabel("Gratuit").check();
  await page.getByLabel("Jour", { exact: true }).selectOption("sat");
  await page.getByLabel("Heure", { exact: true }).fill("12:30");
  go();
  await live(page);
  await expect(page.getByLabel("Gratuit")).toBeChecked();
  await expect(page.getByLabel("Jour", { exact: true })).toHaveValue("sat");
  await expect(page.getByLabel("Heure", { exact: true })).toHaveValue("12:30");
});

for (const language of ["fr", "ar"]) {
  test(`whoever scrolled down before the program came reads on where they were, in ${language}`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const reader = await phone({ locale: language });
    const page = await reader.context.newPage();
    // Only the page asks for the program, which can be held back so.
    await page.addInitScript(() => Object.defineProperty(navigator, "serviceWorker", { value: undefined }));
    for (const path of ["", "category/food", `place/${await named(relay, guide, "Cuisine solidaire")}`]) {
      const go = await heldBack(page);
      await page.goto(`${relay.origin}/${guide}/${language}/${path}`);
      await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight / 2));
      const before = await inTheMiddle(page);
      go();
      await live(page);
      expect(await inTheMiddle(page), path).toEqual(before);
      await page.unroute("**/app-*.wasm");
    }
  });
}

/** What a person looks at, and how far down on the screen it is. */
function inTheMiddle(page: Page): Promise<[string, number]> {
  return page.evaluate(() => {
    const seen = document.elementFromPoint(innerWidth / 2, innerHeight / 2)!.closest("li, section, article, main")!;
    return [seen.textContent!.replace(/\s+/g, " ").slice(0, 40), Math.round(seen.getBoundingClientRect().top)];
  });
}

test("both ways to ask the browser for a clock say the same", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/`);
  // Both sides of midnight, of a year's end and of both changes of the clock in Europe; a zone with odd minutes.
  const moments = ["2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2026-03-29T00:59:00Z", "2026-03-29T01:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"];
  const zones = ["Europe/Paris", "America/St_Johns", "Asia/Kathmandu", "", "Nowhere/Atall"];
  const said = (temporal: boolean) =>
    page.evaluate(
      ([moments, zones, temporal]) => {
        const { Temporal: here, Date: clock } = globalThis as never as { Temporal?: { Instant: unknown; Now: unknown }; Date: DateConstructor };
        if (temporal && !here) return undefined;
        const ask = (moment: string, zone: string) => {
          // Only what the two ask for the time is set: the formatting is the browser's own.
          class Then extends clock {
            constructor() { super(moment); }
            static now() { return clock.parse(moment); }
          }
          Object.assign(globalThis, { Date: Then, Temporal: temporal ? here : undefined });
          try {
            return (globalThis as never as { socle: { moment(zone: string): string } }).socle.moment(zone);
          } finally {
            Object.assign(globalThis, { Date: clock, Temporal: here });
          }
        };
        return moments.flatMap((moment) => zones.map((zone) => `${moment} ${zone} ${ask(moment, zone)}`));
      },
      [moments, zones, temporal] as const,
    );
  const [old, recent] = [await said(false), await said(true)];
  expect(old).toContain("2026-10-25T01:30:00Z Europe/Paris 2026-10-25T02:30");
  expect(old).toContain("2026-12-31T23:59:59Z Asia/Kathmandu 2027-01-01T05:44");
  // The phone's own zone, where a guide names none or one that the phone does not know.
  expect(old).toContain("2027-01-01T00:00:00Z Nowhere/Atall 2027-01-01T09:00");
  expect(recent, "this browser has Temporal").toBeDefined();
  expect(recent).toEqual(old);
});

test("whoever reads without a place to keep things is told so when saving", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const reader = await phone();
  await reader.context.addInitScript(() => {
    Object.defineProperty(globalThis, "indexedDB", { value: undefined, configurable: true });
  });
  const page = await reader.page(`/${guide}/fr/place/${id}`);
  await live(page);
  await expect(page.getByText(words("fr")["saved.unkept"])).toHaveCount(0);
  await page.locator("article.place button[aria-pressed=false]").click();
  await expect(page.getByText(words("fr")["saved.unkept"])).toBeVisible();
});
