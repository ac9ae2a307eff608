// Handing a place to someone else: as one text message, as a link, as a code that a camera reads.
import { readFileSync } from "node:fs";
import { expect, live, seldomKept, test, type Page } from "../socle.ts";
import { entries, somePlace } from "../members.ts";
import { scanned } from "../qr.ts";

const words = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../app/locales/${language}.json`, import.meta.url), "utf8"));

/** Letters that cost one septet each in a text message (3GPP TS 23.038). */
const SEPTETS = /^[@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;

/** What the text message of a share page says. */
function message(href: string): string {
  expect(href).toMatch(/^sms:\?&body=/);
  // Not form-encoded: phones would write every "+" out.
  expect(href).not.toContain("+");
  return decodeURIComponent(href.slice("sms:?&body=".length));
}

const sms = (page: Page) => page.locator('a[href^="sms:"]');
const link = (page: Page) => page.locator(".quoted[dir=ltr]");
const code = (page: Page) => page.locator("svg.code");
/** A name as message and guide both write it. */
const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").trim();

for (const javaScriptEnabled of [true, false]) {
  for (const language of ["fr", "ar"]) {
    test(`a place is handed on in ${language}, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({ phone, relay }) => {
      const { guide, id } = await somePlace(relay, 1);
      const place = `/${guide}/${language}/place/${id}`;
      const name = (await entries(relay, guide, language)).find(([one]) => one === id)![1].place!.name;
      const reader = await phone({ javaScriptEnabled, locale: language, permissions: ["clipboard-read", "clipboard-write"] });
      const canvas = await (await phone()).context.newPage();
      const page = await reader.page(place);
      if (javaScriptEnabled) await live(page);
      await page.getByRole("link", { name: words(language)["place.share"] }).click();
      await expect(page).toHaveURL(relay.origin + `${place}/share`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(words(language)["share.title"]);
      await expect(page.locator("html")).toHaveAttribute("dir", language === "ar" ? "rtl" : "ltr");

      const absolute = relay.origin + place;
      const text = message((await sms(page).getAttribute("href"))!);
      expect(plain(text)).toContain(plain(name));
      expect(text.endsWith(` ${absolute}`)).toBe(true);
      expect(text.length).toBeLessThanOrEqual(160);
      // The page shows what is sent.
      await expect(page.locator(".quoted[dir=auto]")).toHaveText(text);
      await expect(link(page)).toHaveText(absolute);

      expect(await scanned(code(page), canvas)).toBe(absolute);
      await page.emulateMedia({ colorScheme: "dark" });
      expect(await scanned(code(page), canvas), "at night").toBe(absolute);

      const copy = page.getByRole("button", { name: words(language)["share.copy"] });
      await expect(copy).toHaveCount(javaScriptEnabled ? 1 : 0);
      if (javaScriptEnabled) {
        await copy.click();
        await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(absolute);
      }

      // It leads back to the place, as does the link itself.
      await page.locator(".lead a").click();
      await expect(page).toHaveURL(absolute);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    });
  }
}

test("every place fits into one text message", async ({ relay }) => {
  const { guide } = await somePlace(relay);
  let places = 0;
  for (const [id, { place }] of await entries(relay, guide, "fr")) {
    if (!place) continue;
    const address = `${relay.origin}/${guide}/fr/place/${id}`;
    const html = await (await fetch(`${address}/share`)).text();
    const text = message(/href="(sms:[^"]*)"/.exec(html)![1].replaceAll("&amp;", "&"));
    expect(text.length, text).toBeLessThanOrEqual(160);
    expect(plain(text).startsWith(plain(place.name)), text).toBe(true);
    expect(text.endsWith(` ${address}`), text).toBe(true);
    // One other letter and a message holds 70, not 160.
    expect(text).toMatch(SEPTETS);
    places += 1;
  }
  expect(places).toBeGreaterThan(10);
});

test("a place is handed on with the relay dead", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/place/${id}`);
  await seldomKept(page);
  await relay.kill();
  try {
    await page.reload();
    await live(page);
    await page.getByRole("link", { name: "Partager" }).click();
    for (const how of ["by tapping", "by its address"]) {
      if (how === "by its address") await page.reload();
      await live(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Partager ce lieu");
      expect(await scanned(code(page), page), how).toBe(`${relay.origin}/${guide}/fr/place/${id}`);
      expect(message((await sms(page).getAttribute("href"))!)).toContain(`${relay.origin}/${guide}/fr/place/${id}`);
    }
  } finally {
    await relay.up();
  }
});

test("another app is offered where the phone has a way to it", async ({ phone, relay }) => {
  const { guide, id, name } = await somePlace(relay);
  const able = await phone();
  await able.context.addInitScript(() => {
    Object.defineProperty(navigator, "share", { value: async (given: ShareData) => void ((globalThis as any).given = given), configurable: true });
  });
  const page = await able.page(`/${guide}/fr/place/${id}/share`);
  await live(page);
  await page.getByRole("button", { name: "Partager avec une application" }).click();
  await expect.poll(() => page.evaluate(() => (globalThis as any).given)).toMatchObject({ title: name, url: `${relay.origin}/${guide}/fr/place/${id}` });

  const unable = await phone();
  await unable.context.addInitScript(() => {
    delete (Navigator.prototype as { share?: unknown }).share;
  });
  const other = await unable.page(`/${guide}/fr/place/${id}/share`);
  await live(other);
  await expect(other.getByRole("button", { name: "Copier le lien" })).toBeVisible();
  await expect(other.getByRole("button", { name: "Partager avec une application" })).toHaveCount(0);
});
