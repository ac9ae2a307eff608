// Pictures of the demo guide, taken anew: home, a list and a place as public/screenshot-*.png, which a
// browser shows when it offers to put the guide on the home screen; ten screens in light and dark for
// the README and for whoever changes how things look. `convert` (ImageMagick) makes them small.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { live, test, type Page } from "../socle.ts";

const folder = fileURLToPath(new URL("../../public/", import.meta.url));
const COLOURS = 64;

test("pictures for the web manifest", async ({ phone, relay }) => {
  const reader = await phone({ deviceScaleFactor: 2, timezoneId: "Europe/Paris" });
  const page = await reader.page("/demo/fr/");
  await take(page, "home");
  await page.goto(`${relay.origin}/demo/fr/category/food`);
  await take(page, "list");
  await page.locator('a[href*="/place/"]').first().click();
  await page.getByRole("heading", { name: "Puis-je y aller ?" }).waitFor();
  await take(page, "place");
});

async function take(page: Page, name: string): Promise<void> {
  await live(page);
  const path = `${folder}screenshot-${name}.png`;
  await page.screenshot({ path });
  execFileSync("convert", [path, "+dither", "-colors", String(COLOURS), "-strip", "-define", "png:compression-level=9", path]);
}

/** What is looked at before every release: ten screens, five in a row. */
const TOUR = ["fr/", "fr/category/food", "fr/place", "fr/search", "fr/card", "", "ar/", "fa/place", "ar/card", "ti/category/health"];
const ROW = 5;

/** What is found while it is typed, until all of it is drawn. */
async function typed(page: Page, word: string): Promise<void> {
  await page.locator("#q").pressSequentially(word);
  await page.locator(".nearby").waitFor();
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`ten screens, ${colorScheme}`, async ({ phone, relay }, testInfo) => {
    const reader = await phone({ colorScheme, timezoneId: "Europe/Paris" });
    const page = await reader.page("/demo/fr/");
    const card = (await page.locator("a.category.identity_check").getAttribute("href"))!.split("/").at(-1);
    await page.goto(`${relay.origin}/demo/fr/category/day_centre`);
    const place = (await page.locator('a[href*="/place/"]').first().getAttribute("href"))!.split("/").at(-1);
    const screens: string[] = [];
    for (const [index, screen] of TOUR.entries()) {
      const path = screen.replace(/place$/, `place/${place}`).replace(/card$/, `page/${card}`);
      await page.goto(`${relay.origin}/demo${path && "/"}${path}`);
      await live(page);
      if (path.endsWith("/search")) await typed(page, "medecin");
      screens.push(testInfo.outputPath(`${index}.png`));
      await page.screenshot({ path: screens[index] });
    }
    const rows = [screens.slice(0, ROW), screens.slice(ROW)].flatMap((row) => ["(", ...row, "+append", ")"]);
    const whole = fileURLToPath(new URL(`./tour-${colorScheme}.png`, import.meta.url));
    execFileSync("convert", [...rows, "-append", "+dither", "-colors", String(COLOURS), "-strip", "-define", "png:compression-level=9", whole]);
  });
}
