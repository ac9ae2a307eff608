// The demo guide's home, a list and a place, as public/screenshot-*.png: what a browser shows when it
// offers to put the guide on the home screen. `convert` (ImageMagick) makes them small.
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
