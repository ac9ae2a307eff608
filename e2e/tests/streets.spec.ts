// The street map: offered where the collective installed tiles, drawn on a tap, kept for times without
// a network, and nobody else is asked for anything (`socle.ts` watches that for every test).
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { somePlace } from "../members.ts";
import { expect, kept, live, test, type Page } from "../socle.ts";
import { archive } from "../tiles.ts";
import type { Relay } from "../relay.ts";

/** Around the demo guide's town. */
const TOWN = { west: 5.4, south: 45.0, east: 6.1, north: 45.4 };
/** What protomaps-leaflet paints water with, by day. */
const WATER = [128, 222, 234];

async function install(relay: Relay, guide: string, zoom = 12): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "socle-tiles-"));
  const file = path.join(folder, "town.pmtiles");
  await writeFile(file, archive(TOWN, [0, zoom]));
  await relay.socle("guide", "streets", guide, file);
  await rm(folder, { recursive: true });
}

const section = (page: Page) => page.locator("section.streets");

/** Waits until water is drawn somewhere on the map. */
async function drawn(page: Page): Promise<void> {
  await page.waitForFunction((water) => {
    const canvases = [...document.querySelectorAll<HTMLCanvasElement>(".street-map canvas.leaflet-tile")];
    return canvases.some((canvas) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4) if (water.every((value, index) => data[at + index] === value)) return true;
      return false;
    });
  }, WATER);
}

test("without tiles no streets are offered", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).context.newPage();
  const asked = page.waitForResponse((response) => response.url().endsWith("/streets"));
  await page.goto(`${relay.origin}/${guide}/fr/map`);
  await live(page);
  expect((await asked).status()).toBe(404);
  await expect(section(page)).toBeHidden();
});

test("streets are drawn on a tap, their places lead on, and they are there with the relay dead", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  await install(relay, guide);
  const page = await (await phone()).page(`/${guide}/fr/map`);
  await kept(page);
  const show = page.getByRole("button", { name: "Afficher les rues" });
  await expect(show).toBeVisible();
  await show.click();
  await drawn(page);
  // Whose map it is, as text.
  await expect(section(page)).toContainText("Drawn for a test");
  await page.getByRole("button", { name: "Agrandir" }).last().click();

  await page.getByRole("button", { name: /^Garder les rues sur mon téléphone \([\d,]+ Mo\)$/ }).click();
  await expect(section(page).getByRole("status")).toHaveText("Les rues sont enregistrées sur ce téléphone.");
  await relay.kill();
  try {
    await page.reload();
    await live(page);
    await expect(section(page).getByRole("status")).toHaveText("Les rues sont enregistrées sur ce téléphone.");
    await show.click();
    await drawn(page);
    await page.locator(".street-map path.leaflet-interactive").first().dispatchEvent("click");
    await expect(page.locator("article.place")).toBeVisible();
  } finally {
    await relay.up();
  }
});

test("where a person is does not move the streets that are asked of the relay", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  await install(relay, guide);
  const shown = async (near: boolean) => {
    const reader = await phone({ geolocation: { latitude: 45.05, longitude: 5.45 }, permissions: ["geolocation"] });
    const page = await reader.page(`/${guide}/fr/map?category=culture`);
    await live(page);
    if (near) {
      await page.getByRole("button", { name: "Près de moi" }).click();
      await expect(page.getByRole("button", { name: "Ne plus montrer où je suis" })).toBeVisible();
    }
    await page.getByRole("button", { name: "Afficher les rues" }).click();
    await drawn(page);
    // Where places stand on the drawing tells which part of the country it is.
    return page.locator(".street-map path.leaflet-interactive").evaluateAll((marks) => marks.map((mark) => mark.getAttribute("d")));
  };
  const before = await shown(false);
  expect(before.length).toBeGreaterThan(0);
  expect(await shown(true)).toEqual(before);
});

test("newer streets take the place of kept ones when they are here, not before", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  await install(relay, guide);
  const page = await (await phone()).page(`/${guide}/fr/map`);
  await kept(page);
  const keep = page.getByRole("button", { name: /^Garder les rues sur mon téléphone/ });
  const stands = section(page).getByRole("status");
  await keep.click();
  await expect(stands).toHaveText("Les rues sont enregistrées sur ce téléphone.");
  const paths = () => page.evaluate((guide) => caches.open(`socle-streets-${guide}`).then(async (cache) => (await cache.keys()).map(({ url }) => url)), guide);
  const [earlier] = await paths();
  await install(relay, guide, 11);
  await page.reload();
  await live(page);
  await expect(keep).toBeVisible();
  expect(await paths()).toEqual([earlier]);
  await relay.kill();
  try {
    await page.reload();
    await live(page);
    await expect(stands).toHaveText("Les rues sont enregistrées sur ce téléphone.");
    await page.getByRole("button", { name: "Afficher les rues" }).click();
    await drawn(page);
  } finally {
    await relay.up();
  }
  await page.reload();
  await live(page);
  await keep.click();
  await expect(keep).toHaveCount(0);
  await expect(stands).toHaveText("Les rues sont enregistrées sur ce téléphone.");
  const now = await paths();
  expect(now).toHaveLength(1);
  expect(now).not.toEqual([earlier]);
});

test("removed streets are gone from the phone, and from the relay they are gone for all", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  await install(relay, guide);
  const page = await (await phone()).page(`/${guide}/ar/map`);
  await kept(page);
  const keys = () => page.evaluate((guide) => caches.open(`socle-streets-${guide}`).then(async (cache) => (await cache.keys()).length), guide);
  await section(page).getByRole("button").nth(1).click();
  await expect(section(page).getByRole("status")).toHaveText("الشوارع محفوظة على هذا الهاتف.");
  expect(await keys()).toBe(1);
  await section(page).getByRole("button").nth(1).click();
  await expect(section(page).getByRole("status")).toHaveText("");
  expect(await keys()).toBe(0);
  await relay.socle("guide", "streets", guide, "--remove");
  await page.reload();
  await live(page);
  await expect(section(page)).toBeHidden();
});
