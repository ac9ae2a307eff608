// Reading without JavaScript: everything a resident needs is in the pages that the relay sends.
import { readFileSync } from "node:fs";
import { expect, live, test, whole, type Page } from "../socle.ts";

/** The app's words in one language. */
const words = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../app/locales/${language}.json`, import.meta.url), "utf8"));

test("a reader without JavaScript finds a place", async ({ phone }) => {
  const page = await (await phone({ javaScriptEnabled: false })).page("/");

  // The relay holds one guide; its languages are offered in their own scripts.
  await page.getByRole("main").getByRole("link").first().click();
  await expect(page.getByRole("link", { name: "العربية" })).toBeVisible();
  await page.getByRole("link", { name: "Français" }).first().click();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await whole(page);

  // Home: notices, categories with pictograms, emergency and identity check in the first screen.
  const categories = page.locator('a[href*="/category/"]');
  expect(await categories.count()).toBeGreaterThan(15);
  expect(await page.locator('a[href*="/category/"] svg use').count()).toBeGreaterThan(15);
  for (const code of ["emergency", "identity_check"]) {
    const box = await page.locator(`a.category.${code}`).first().boundingBox();
    expect(box && box.y + box.height, `${code} stands in the first screen`).toBeLessThanOrEqual(640);
  }

  // A list, a place.
  await page.locator('a[href$="/category/health"]').first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Santé");
  const place = page.locator('a[href*="/place/"]').first();
  const name = (await place.innerText()).split("\n")[0].trim();
  await place.click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
  await expect(page.getByRole("heading", { name: "Puis-je y aller ?" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Horaires" }).first()).toBeVisible();

  // Search is a form.
  await page.goto(new URL("/", page.url()).href);
  await page.getByRole("main").getByRole("link").first().click();
  await page.getByRole("link", { name: "Français" }).first().click();
  await page.getByRole("searchbox").first().fill(name.split(" ")[0]);
  await page.getByRole("searchbox").first().press("Enter");
  await expect(page).toHaveURL(/\/search\?q=/);
  await expect(page.locator('a[href*="/place/"]').first()).toBeVisible();
  await expect(page.locator("mark").first()).toBeVisible();
});

test("a reader without JavaScript searches, narrows down, and reads hours and notices", async ({ phone, relay }) => {
  const reader = await phone({ javaScriptEnabled: false });
  const page = await reader.page("/");
  const guide = await page.getByRole("main").getByRole("link").first().getAttribute("href");

  // What is urgent stands on top.
  await page.goto(`${relay.origin}${guide}/fr/`);
  await expect(page.locator("main > :not(h1)").first()).toHaveClass("notices");
  await expect(page.locator(".notices .urgent")).toBeVisible();

  // Search, a chip on and off, and what nobody knows stays, marked and after the others.
  await page.getByRole("searchbox").fill("repas");
  await page.getByRole("searchbox").press("Enter");
  await expect(page).toHaveURL(/\/search\?q=repas$/);
  await whole(page);
  const all = await page.locator(".card").count();
  expect(all).toBeGreaterThan(1);
  await page.getByRole("link", { name: "Gratuit" }).first().click();
  await expect(page).toHaveURL(/only=free/);
  await whole(page);
  const marked = await page.locator(".card").evaluateAll((cards) => cards.map((card) => card.querySelector(".not-known") !== null));
  expect(marked).toEqual([...marked].sort((one, other) => Number(one) - Number(other)));

  // The form keeps both the words and the filter.
  await page.getByRole("link", { name: "Plus de filtres" }).click();
  await expect(page).toHaveURL(/\/search\/filters\?q=repas&only=free$/);
  await expect(page.getByLabel("Gratuit")).toBeChecked();
  await page.getByLabel("Gratuit").uncheck();
  await page.getByLabel("Jour", { exact: true }).selectOption("mon");
  await page.getByLabel("Heure", { exact: true }).fill("12:00");
  await page.getByRole("button", { name: "Voir les lieux" }).click();
  await expect(page).toHaveURL(/[?&]at=/);
  const asked = new URL(page.url()).searchParams;
  expect([asked.get("q"), asked.get("only"), asked.getAll("at").join(",")]).toEqual(["repas", null, "mon,12:00"]);
  await page.getByRole("link", { name: "Ouvert : lundi 12:00" }).click();
  await expect(page).toHaveURL(/\/search\?q=repas$/);
  await expect(page.locator(".card")).toHaveCount(all);

  // A notice about a town stands by the town's lists and places.
  await page.goto(`${relay.origin}${guide}/fr/category/food?area=city:Grenoble`);
  await expect(page.locator(".notices .urgent")).toBeVisible();

  // Hours: today in words, and the week as a table.
  await page.locator(".card a").first().click();
  await expect(page.locator(".notices .urgent")).toBeVisible();
  await expect(page.locator("article.place .opening").first()).toBeVisible();
  await expect(page.locator("article.place :is(.week tr, .written)").first()).toBeVisible();
});

test("what is not there is said in the page's language, with links that work", async ({ phone, relay }) => {
  const page = await (await phone({ javaScriptEnabled: false, locale: "es-ES" })).page("/");
  const home = await page.getByRole("main").getByRole("link").first().getAttribute("href");
  const missing: [string, string, string][] = [
    [`${home}/fr/place/00000000000000000000000000000000`, "fr", "ltr"],
    [`${home}/ar/page/00000000000000000000000000000000`, "ar", "rtl"],
    [`${home}/ar/nothing/here`, "ar", "rtl"],
    ["/nowhere/fr/", "fr", "ltr"],
    // A language that the guide does not have.
    [`${home}/xx/`, "en", "ltr"],
    // No language in the address: the browser's.
    ["/nowhere", "es", "ltr"],
  ];
  for (const [path, language, direction] of missing) {
    const answer = await page.goto(relay.origin + path);
    expect(answer?.status(), path).toBe(404);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.locator("html")).toHaveAttribute("dir", direction);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(words(language)["error.not_found"]);
    await expect(page.getByRole("searchbox")).toHaveCount(path.startsWith(`${home}/`) && language !== "en" ? 1 : 0);
    const links = await page.getByRole("link").evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
    const ours = links.filter((link) => new URL(link).origin === relay.origin && !link.includes("#"));
    expect(ours.length, path).toBeGreaterThan(1);
    for (const link of ours) expect((await fetch(link)).status, `${path} leads to ${link}`).toBe(200);
  }
});

test("the manifest names icons and pictures that are there", async ({ relay }) => {
  const [{ id: guide }] = (await (await fetch(`${relay.origin}/api/guides`)).json()) as { id: string }[];
  const manifest = await (await fetch(`${relay.origin}/${guide}/fr/manifest.webmanifest`)).json();
  expect(manifest.screenshots).toHaveLength(3);
  for (const { src, sizes, type } of [...manifest.screenshots, ...manifest.icons]) {
    const answer = await fetch(relay.origin + src);
    expect([answer.status, answer.headers.get("content-type")], src).toEqual([200, type]);
    if (type !== "image/png") continue;
    // Width and height stand at a fixed place of a PNG.
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, src).toBe(sizes);
  }
  const worker = await (await fetch(`${relay.origin}/sw.js`)).text();
  expect(worker, "no phone keeps the pictures").not.toContain("screenshot-");
});

test("every page says its language, direction, title, description and other languages", async ({ phone, relay }) => {
  const reader = await phone({ javaScriptEnabled: false });
  const page = await reader.page("/");
  const guide = await page.getByRole("main").getByRole("link").first().getAttribute("href");
  for (const [language, direction] of [["fr", "ltr"], ["ar", "rtl"]]) {
    for (const path of ["/", "/category/food", "/search?q=a", "/about"]) {
      await page.goto(`${relay.origin}${guide}/${language}${path}`);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.locator("html")).toHaveAttribute("dir", direction);
      expect((await page.title()).length).toBeGreaterThan(3);
      expect((await page.locator('meta[name="description"]').getAttribute("content"))?.length).toBeGreaterThan(20);
      await expect(page.locator('link[rel="canonical"]')).toHaveCount(1);
      expect(await page.locator('link[rel="alternate"][hreflang]').count()).toBeGreaterThan(1);
    }
  }
});

test("leaving at once covers the page and leaves no way back to it", async ({ phone, relay }) => {
  const reader = await phone();
  // The neutral page is someone else's: nobody is asked for it here.
  await reader.context.route("https://www.wikipedia.org/**", (route) => route.fulfill({ contentType: "text/html", body: "<title>neutral</title>" }));
  const [{ id }] = (await (await fetch(`${relay.origin}/api/guides`)).json()) as { id: string }[];
  for (const leave of [
    (page: Page) => page.getByRole("link", { name: "Quitter" }).click(),
    async (page: Page) => {
      for (let time = 0; time < 3; time++) await page.keyboard.press("Shift");
    },
  ]) {
    const page = await reader.context.newPage();
    await page.goto(relay.origin);
    await page.goto(`${relay.origin}/${id}/fr/category/health`);
    await live(page);
    await leave(page);
    await page.waitForURL("https://www.wikipedia.org/");
    await page.goBack();
    expect(new URL(page.url()).pathname, "the page that was left is not in the history").toBe("/");
    await page.close();
  }
  reader.forgive("https://www.wikipedia.org/");
});
