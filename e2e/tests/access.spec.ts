// WCAG 2.2 AA by axe on every kind of page, in French, Arabic, Persian and Tigrinya, light and dark and with more
// contrast; targets of 48 px.
import AxeBuilder from "@axe-core/playwright";
import { expect, live, test, type Page } from "../socle.ts";
import { entries, join, somePlace } from "../members.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/** Those of the rules that another palette, or thicker lines, can break. */
const OF_LOOKS = ["color-contrast", "link-in-text-block", "target-size"];

async function check(page: Page, where: string, looks: Look[] = []): Promise<void> {
  // Tall enough for the whole page: what lies under the fixed bar while scrolling counts as covered.
  await page.setViewportSize({ width: 360, height: 8000 });
  for (const look of [PLAIN, ...looks]) {
    await page.emulateMedia(look);
    const axe = new AxeBuilder({ page });
    const seen = `${where} ${look.colorScheme} ${look.contrast}`;
    expect(await complaints(look === PLAIN ? axe.withTags(RULES) : axe.withRules(OF_LOOKS)), seen).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${seen} scrolls sideways`).toBeLessThanOrEqual(0);
  }
  await page.emulateMedia(PLAIN);
}

async function complaints(axe: AxeBuilder): Promise<string[]> {
  // For pages without frames, which all of ours are, the same findings without a second page to gather them in.
  const { violations } = await axe.setLegacyMode(true).analyze();
  return violations.map(({ id, help, nodes }) => `${id}: ${help}\n  ${nodes.map((node) => node.target.join(" ")).join("\n  ")}`);
}

type Look = { colorScheme: "light" | "dark"; contrast: "no-preference" | "more" };
const PLAIN: Look = { colorScheme: "light", contrast: "no-preference" };
const DARK: Look = { ...PLAIN, colorScheme: "dark" };
const CLEAR: Look = { ...PLAIN, contrast: "more" };

/** How each language is looked at besides light. */
const LANGUAGES: [string, Look[]][] = [
  ["fr", [DARK, CLEAR]],
  ["ar", [DARK]],
  ["ti", [{ colorScheme: "dark", contrast: "more" }]],
  ["fa", []],
];

for (const [language, looks] of LANGUAGES) {
  test(`readers' pages in ${language}`, async ({ phone, relay }) => {
    const { guide, id } = await somePlace(relay);
    const [card] = (await entries(relay, guide, language)).find(([, entry]) => entry.page)!;
    const reader = await phone({ ...PLAIN, locale: language });
    const page = await reader.page("/");
    const base = `/${guide}/${language}`;
    const paths = ["/", `/${guide}`, `${base}/`, `${base}/category/health`, `${base}/category/food?at=sat,09:00&speaks=ar&area=city:Grenoble`, `${base}/category/food/filters?at=sat,09:00`, `${base}/search?q=a`, `${base}/search?q=zzzz`, `${base}/place/${id}`, `${base}/saved`, `${base}/place/${id}/share`, `${base}/map`, `${base}/map?category=health&centre=45.19,5.73&zoom=24`, `${base}/page/${card}`, `${base}/about`, `${base}/phone`, `${base}/nothing/here`];
    for (const path of paths) {
      await page.goto(relay.origin + path);
      if (!path.endsWith("/here")) await live(page);
      if (path.endsWith("/saved")) await page.locator("li.saved").waitFor();
      await check(page, path, looks);
      // The page of saved places comes next, and is to hold one.
      if (!path.endsWith(id)) continue;
      await page.locator("article.place button[aria-pressed=false]").click();
      await page.locator("article.place button[aria-pressed=true]").waitFor();
    }
  });
}

for (const language of ["fr", "ar"]) {
  test(`members' pages in ${language}`, async ({ phone, relay }) => {
    const { guide, id } = await somePlace(relay);
    const member = await phone({ locale: "fr-FR" });
    const page = await join(member, guide, "steward", `Axe ${language}`);
    for (const path of ["edit", "edit/outbox", "edit/members", "edit/import", "edit/new/place", "edit/new/page", "edit/new/notice", `edit/place/${id}`]) {
      await page.goto(`${relay.origin}/${guide}/${language}/${path}`);
      await expect(page.locator("html")).toHaveAttribute("lang", language);
      await expect(page.locator("main h1")).toBeVisible();
      if (path === "edit/members") {
        await page.locator(".desk button.primary").click();
        await expect(page.locator(".made-invite")).toBeVisible();
        await page.locator(".device button").first().click();
      }
      if (path === "edit/import") {
        await page.locator(".columns summary").click();
        const table = "name,cost,Notes\nUn lieu,free,x\n,free,x\n";
        await page.locator("#table").setInputFiles({ name: "t.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
        await expect(page.locator(".waiting-batch")).toBeVisible();
      }
      await check(page, path);
      for (const button of await page.locator(".section > h2 > button").all()) {
        await button.click();
        await check(page, `${path} ${await button.innerText()}`);
      }
    }
  });
}
