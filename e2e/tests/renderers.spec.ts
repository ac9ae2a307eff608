// The process that draws the page and holds the replica is killed in the middle of a save, as phones do
// that run out of memory. What was said to be saved is there when the guide is opened again, nothing is
// half there, and all of it reaches the collective once. SOCLE_RENDERERS says how often, SOCLE_SEED when.
import { type Browser } from "@playwright/test";
import { Chance, number, seed } from "../chance.ts";
import { join, keptForMembers, online, open, shared, somePlace } from "../members.ts";
import { expectSound, rows } from "../shelf.ts";
import { expect, test, type Page } from "../socle.ts";
import { Witness } from "../witness.ts";

const TIMES = number("SOCLE_RENDERERS", 6);

test("a renderer killed in the middle of a save loses nothing that was said to be saved", async ({ phone, relay, browser }) => {
  test.setTimeout(60_000 + TIMES * 10_000);
  const drawn = seed();
  console.log(`SOCLE_SEED=${drawn} SOCLE_RENDERERS=${TIMES}`);
  const chance = new Chance(drawn);
  const places = await Promise.all([8, 9, 10].map((at) => somePlace(relay, at)));
  const { guide } = places[0];
  const witness = await Witness.join(relay, guide);
  const lena = await phone();
  let page = await join(lena, guide, "editor", "Léna");
  let { id } = places[0];
  await open(page, guide, "place", id);
  await keptForMembers(page);
  const usual = await timedSave(page);

  /** What each place should hold; every save that was said or seen. */
  const held = new Map<string, string>();
  const saved: string[] = [];
  const unknown: string[] = [];
  const told = { said: 0, there: 0, absent: 0 };
  for (let time = 0; time < TIMES; time++) {
    const network = chance.fraction() < 0.5;
    // From the tap until some time after an undisturbed save has been said.
    const after = Math.round(chance.fraction() * 1.5 * usual);
    const words = `<killed ${time}>`;
    await lena.context.setOffline(!network);
    if (chance.fraction() < 0.3) {
      ({ id } = chance.one(places));
      await open(page, guide, "place", id);
    }
    const before = await written(page);
    expect(before.name, `${time}: what was there before`).toBe(held.get(id) ?? before.name);
    await page.locator("#f-alternate-name").fill(words);
    await page.locator("#f-description-fr-text").fill(`Texte ${words}`);
    const said = await killedWhileSaving(browser, page, after);
    await page.close();

    page = await lena.context.newPage();
    await page.goto(`${relay.origin}/${guide}/fr/edit/place/${id}`);
    await expect(page.locator(".desk-form")).toBeVisible();
    const now = await written(page);
    const what = `${time}: after ${after} ms, ${network ? "with" : "without"} a network, ${said ? "said" : "not said"}`;
    if (said || now.name === words) expect(now, what).toEqual({ name: words, text: `Texte ${words}` });
    else expect(now, what).toEqual(before);
    expectSound(await rows(page));
    (now.name === words ? saved : unknown).push(words);
    held.set(id, now.name);
    told[said ? "said" : now.name === words ? "there" : "absent"] += 1;
  }
  console.log(`a save takes ${Math.round(usual)} ms; killed ${TIMES} times: ${told.said} said to be saved, ${told.there} saved and not said, ${told.absent} not saved`);

  await online(page);
  for (const { id } of places) {
    await open(page, guide, "place", id);
    await shared(page);
  }
  await page.goto(`${relay.origin}/${guide}/fr/edit`);
  await expect(page.locator('a[href*="/edit/place/"]').first()).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await witness.hear();
  for (const words of saved) expect(witness.with(words), words).toHaveLength(1);
  for (const words of unknown) expect(witness.with(words), words).toHaveLength(0);
});

async function written(page: Page): Promise<{ name: string; text: string }> {
  return { name: await page.locator("#f-alternate-name").inputValue(), text: await page.locator("#f-description-fr-text").inputValue() };
}

/** Taps save and kills every renderer so many milliseconds later; whether the page had said "saved" by then. */
async function killedWhileSaving(browser: Browser, page: Page, milliseconds: number): Promise<boolean> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  let said = false;
  page.on("console", (message) => (said ||= message.text() === "said"));
  const died = page.waitForEvent("crash");
  // It never answers where the renderer is dead before.
  page.evaluate(tapSave).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  for (const { id } of renderers) process.kill(id, "SIGKILL");
  await died;
  await session.detach();
  return said;
}

/** How long an undisturbed save takes, in milliseconds: the middle of three. */
async function timedSave(page: Page): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < 3; time++) {
    await page.locator("#f-alternate-name").fill(`timed ${time}`);
    const said = page.waitForEvent("console", (message) => message.text() === "said");
    const began = performance.now();
    await Promise.all([page.evaluate(tapSave), said]);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[1];
}

/** On the page: taps save, and says when "saved" is shown. */
function tapSave(): void {
  const bar = document.querySelector(".desk-bar")!;
  const look = (_: unknown, observer: MutationObserver) => {
    if (!bar.querySelector(".good")) return;
    observer.disconnect();
    console.info("said");
  };
  new MutationObserver(look).observe(bar, { subtree: true, childList: true, characterData: true, attributes: true });
  document.querySelector<HTMLButtonElement>("#save")!.click();
}
