// What is not there is said by the running app, too, with a way home that works without a network.
import { expect, live, seldomKept, test, type Page } from "../socle.ts";
import { somePlace } from "../members.ts";

const SAYS: Record<string, { title: string; home: string }> = {
  fr: { title: "Cette page n’est pas ici", home: "Aller à l’accueil" },
  ar: { title: "هذه الصفحة غير موجودة هنا", home: "إلى الصفحة الرئيسية" },
};
const NOBODY = "0".repeat(32);

async function saysSo(page: Page, language: string, home: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(SAYS[language].title);
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  await expect(page.getByRole("searchbox")).toBeVisible();
  await page.getByRole("link", { name: SAYS[language].home }).click();
  await expect(page).toHaveURL(home);
  await expect(page.locator('a[href$="/category/health"]').first()).toBeVisible();
}

/** Follows a link to `path` as if one stood on the page. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((path) => {
    const link = Object.assign(document.createElement("a"), { href: path, textContent: "link" });
    document.querySelector("main")!.append(link);
    link.click();
    link.remove();
  }, path);
}

for (const language of ["fr", "ar"]) {
  test(`an address that names nothing, with a network, in ${language}`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const home = `${relay.origin}/${guide}/${language}/`;
    const page = await (await phone({ locale: language })).page(`/${guide}/${language}/`);
    await live(page);
    for (const path of [`place/${NOBODY}`, `place/${NOBODY}/share`, `page/${NOBODY}`]) {
      await page.evaluate(() => ((globalThis as any).same = true));
      await follow(page, home + path);
      await expect(page).toHaveURL(home + path);
      await saysSo(page, language, home);
      expect(await page.evaluate(() => (globalThis as any).same), "in the running app").toBe(true);
    }
    for (const path of [`place/${NOBODY}`, "place/none", "nothing/here"]) {
      await page.goto(home + path);
      await live(page);
      await saysSo(page, language, home);
    }
  });

  test(`an address that names nothing, with the relay dead, in ${language}`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const home = `${relay.origin}/${guide}/${language}/`;
    const page = await (await phone({ locale: language })).page(`/${guide}/${language}/`);
    await seldomKept(page);
    await relay.kill();
    try {
      for (const path of [`place/${NOBODY}`, `place/${NOBODY}/share`, `page/${NOBODY}`]) {
        await follow(page, home + path);
        await saysSo(page, language, home);
      }
      for (const path of [`place/${NOBODY}`, "place/none", "nothing/here"]) {
        await page.goto(home + path);
        await live(page);
        await saysSo(page, language, home);
      }
    } finally {
      await relay.up();
    }
  });
}

test("an address of no guide, with the relay dead, leads to the guides that are here", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/`);
  await seldomKept(page);
  await relay.kill();
  try {
    for (const [path, title] of [
      ["/Not A Guide", "Cette page n’est pas ici"],
      ["/nowhere/fr/", "Ce guide n’est pas encore sur ce téléphone"],
    ]) {
      await page.goto(relay.origin + path);
      await live(page);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
      const all = page.getByRole("main").getByRole("link", { name: "Tous les guides" });
      await all.click();
      await expect(all).toHaveCount(0);
      await page.getByRole("main").getByRole("link").first().click();
      await page.getByRole("main").getByRole("link", { name: "Français", exact: true }).click();
      await expect(page.locator('a[href$="/category/health"]').first()).toBeVisible();
    }
  } finally {
    await relay.up();
  }
});
