// Reading without JavaScript: everything a resident needs is in the pages that the relay sends.
import { expect, test } from "../socle.ts";

test("a reader without JavaScript finds a place", async ({ phone }) => {
  const page = await (await phone({ javaScriptEnabled: false })).page("/");

  // The relay holds one guide; its languages are offered in their own scripts.
  await page.getByRole("main").getByRole("link").first().click();
  await expect(page.getByRole("link", { name: "العربية" })).toBeVisible();
  await page.getByRole("link", { name: "Français" }).first().click();
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");

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

test("what is not there is said, with a way on", async ({ phone, relay }) => {
  const page = await (await phone({ javaScriptEnabled: false })).page("/");
  const home = await page.getByRole("main").getByRole("link").first().getAttribute("href");
  const answer = await page.goto(`${relay.origin}${home}/fr/place/00000000000000000000000000000000`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cette page n’est pas ici");
  await expect(page.getByRole("searchbox").first()).toBeVisible();
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
