// A phone whose storage fills at any one write: it says so, nothing is half written, what was typed
// stays, and once there is room the same act works and reaches the collective once.
// SOCLE_WRITES=1 fills it at each write of the first copy, too, in place of some.
import { Chance, number, seed } from "../chance.ts";
import { fillable, join, keptForMembers, online, open, room, shared, somePlace, type Room } from "../members.ts";
import { batches, expectSound, rows, type Rows } from "../shelf.ts";
import { expect, live, test, type Page } from "../socle.ts";
import { Witness } from "../witness.ts";

const FULL = "Ce téléphone n’a plus de place.";
const WAYS = ["at once", "at the end"] as const satisfies readonly Room[];

for (const how of WAYS) {
  test(`full at any write of a save: refused ${how}`, async ({ phone, relay }) => {
    const { guide, id } = await somePlace(relay, 6);
    fillable(relay);
    const witness = await Witness.join(relay, guide);
    const ines = await phone();
    const page = await join(ines, guide, "editor", "Inès");
    await open(page, guide, "place", id);
    await keptForMembers(page);
    await ines.context.setOffline(true);

    const changed = `<changed ${how}>`;
    await page.locator("#f-alternate-name").fill(changed);
    const toChange = await fullAtEach(page, how, async () => {
      await expect(page.locator("#f-alternate-name")).toHaveValue(changed);
      return tapSave(page);
    });

    const made = `<made ${how}>`;
    await page.goto(`${relay.origin}/${guide}/fr/edit/new/place`);
    await page.locator("#f-name").fill(made);
    const toMake = await fullAtEach(page, how, async () => {
      await expect(page.locator("#f-name")).toHaveValue(made);
      return tapSave(page);
    });
    await expect(page).toHaveURL(/\/edit\/place\/[0-9a-f]{32}$/);
    console.log(`full ${how}: at each of ${toChange} writes of a change, ${toMake} of a new place`);

    await online(page);
    await shared(page);
    await witness.hear();
    for (const words of [changed, made]) expect(witness.with(words), words).toHaveLength(1);
  });

  test(`full at any write of an exchange: refused ${how}`, async ({ phone, relay }) => {
    const { guide, id } = await somePlace(relay, 7);
    fillable(relay);
    const witness = await Witness.join(relay, guide);
    const jan = await phone();
    const page = await join(jan, guide, "editor", "Jan");
    await open(page, guide, "place", id);
    await keptForMembers(page);
    await shared(page);

    let writes = 0;
    for (let failed = true; failed; writes++) {
      const words = `<sent ${how} ${writes}>`;
      await jan.context.setOffline(true);
      await page.locator("#f-alternate-name").fill(words);
      expect(await tapSave(page)).toContain("Enregistré sur ce téléphone");
      const before = await rows(page);
      await room(page, how, writes);
      failed = await exchangeFails(page, () => shared(page));
      const after = await rows(page);
      expectSound(after);
      const waits = batches(after, "outbox").some((batch) => batch.words.includes(words));
      if (waits) expect(changed(before, after), "nothing is half written").toEqual([]);
      else expect(batches(after, "acknowledged").filter((batch) => batch.words.includes(words))).toHaveLength(1);
      await expect(page.locator("#f-alternate-name")).toHaveValue(words);

      await room(page, "enough");
      await online(page);
      await shared(page);
      await witness.hear();
      expect(witness.with(words), words).toHaveLength(1);
    }
    console.log(`full ${how}: at each of ${writes - 1} writes of an exchange`);
    expect(writes).toBeGreaterThan(3);
  });

  test(`full at any write of joining: refused ${how}`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const witness = await Witness.join(relay, guide);
    const all = number("SOCLE_WRITES", 0) > 0;
    const drawn = seed();
    const chance = new Chance(drawn);
    fillable(relay);
    // The first copy begins when there is no more room.
    relay.loseAnswer = (request) => request.url!.endsWith("/workspace");
    const page = await (await phone()).page(new URL(await relay.invite(guide, "editor")).href.slice(relay.origin.length));
    await page.getByRole("button", { name: "Français" }).click();
    const name = page.getByLabel("Un nom pour vous dans le collectif");
    await name.fill(`Koffi, ${how}`);
    const button = page.locator("#join");
    await fullAtEach(page, how, async () => {
      await expect(name).toHaveValue(`Koffi, ${how}`);
      await button.click();
      const joined = page.getByRole("link", { name: "Aller aux fiches" });
      // Disabled while it works; gone when it has worked.
      await expect(page.locator("#join:enabled").or(joined)).toBeVisible();
      return (await button.count()) > 0 ? (await page.getByRole("alert").innerText()) : "Enregistré";
    });

    // The first copy of the guide: whole, or not there.
    await room(page, how);
    relay.loseAnswer = () => false;
    let writes = 0;
    let tried = 0;
    for (let failed = true; failed; writes += all ? 1 : 1 + chance.below(25)) {
      await room(page, how, writes);
      failed = await exchangeFails(page, () => expect.poll(async () => complete(await rows(page))).toBe(true));
      expectSound(await rows(page));
      tried += 1;
      // What failed then came after the copy: changes that others made.
      if (failed && complete(await rows(page))) break;
    }
    await room(page, "enough");
    const whole = await rows(page);
    const of = (table: string) => Object.keys(whole).filter((key) => key.startsWith(`${table} `)).map((key) => key.split(" ")[2]);
    console.log(`full ${how}: at ${tried - 1} of some ${writes} writes of the first copy, ${of("records").length} records; SOCLE_SEED=${drawn}`);
    expect(of("summaries")).toEqual(of("records"));
    await witness.hear();
    const known = new Set(witness.changes.filter(({ bytes }) => bytes.length > 0).map(({ record }) => record));
    expect(of("records").length, "the whole copy").toBe(known.size);
    await page.getByRole("link", { name: "Aller aux fiches" }).click();
    await expect(page.locator('a[href*="/edit/place/"]').first()).toBeVisible();
  });
}

test("full while the guide is kept: said, and kept once there is room", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone();
  await reader.context.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    (globalThis as any).room = "at once";
    IDBObjectStore.prototype.put = function (...values: Parameters<typeof put>) {
      const { room } = globalThis as any;
      const full = () => new DOMException("", "QuotaExceededError");
      if (room === "at once") throw full();
      const { transaction } = this;
      if (room === "at the end") {
        Object.defineProperty(transaction, "error", { get: full, configurable: true });
        queueMicrotask(() => transaction.abort());
      }
      return put.apply(this, values);
    };
  });
  const page = await reader.page(`/${guide}/fr/about`);
  await live(page);
  const keep = page.getByRole("button", { name: "Garder ce guide sur mon téléphone" });
  for (const how of WAYS) {
    await page.evaluate((how) => ((globalThis as any).room = how), how);
    await keep.click();
    await expect(page.getByText("Il n’y a pas assez de place sur ce téléphone.")).toBeVisible();
    expect(Object.keys(await rows(page)).filter((key) => key.startsWith("editions "))).toEqual([]);
  }
  await page.evaluate(() => ((globalThis as any).room = "enough"));
  await keep.click();
  await expect(page.getByText("Enregistré sur ce téléphone : copie du")).toBeVisible();
  expect(Object.keys(await rows(page)).filter((key) => key.startsWith("editions "))).toEqual([`editions ${guide} fr`]);
});

/** Does `act`, which answers what is said of it, with room for no write, for one, for two …, until it works. */
async function fullAtEach(page: Page, how: Room, act: () => Promise<string>): Promise<number> {
  for (let writes = 0; ; writes++) {
    const before = await rows(page);
    await room(page, how, writes);
    const said = await act();
    await room(page, "enough");
    if (said.includes("Enregistré")) {
      expect(writes, "it does write").toBeGreaterThan(1);
      return writes;
    }
    expect(said, `with room for ${writes}`).toContain(FULL);
    expect(changed(before, await rows(page)), `with room for ${writes}: nothing is half written`).toEqual([]);
  }
}

/** The rows that differ. Not the key, which is made and kept before anything is written with it. */
function changed(before: Rows, after: Rows): string[] {
  const all = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...all].filter((key) => before[key] !== after[key] && !key.startsWith("keys "));
}

/** Taps save and answers what the bar says when it is done. */
async function tapSave(page: Page): Promise<string> {
  await page.locator("#save").click();
  await expect(page.locator("#save")).toHaveText("Enregistrer sur ce téléphone");
  return page.locator(".desk-bar .told").innerText();
}

/** Has the phone find its network; whether the exchange that follows fails, or `well` comes first. */
async function exchangeFails(page: Page, well: () => Promise<unknown>): Promise<boolean> {
  const failing = page.waitForEvent("console", (message) => message.text().includes("the exchange failed"));
  const failed = failing.then((message) => {
    expect(message.text()).toContain("full");
    return true;
  });
  await online(page);
  const worked = well().then(() => false);
  return Promise.race([failed, worked]).finally(() => {
    for (const late of [failed, worked]) late.catch(() => {});
  });
}

function complete(rows: Rows): boolean {
  const own = Object.entries(rows).find(([key]) => key.startsWith("own "));
  return own !== undefined && JSON.parse(own[1]).complete === true;
}
