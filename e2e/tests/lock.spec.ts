// The lock of a member's copy: what is on the phone's disk is sealed, and only PIN or passphrase opens it.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "../socle.ts";
import { entries, join, open, save, section, somePlace } from "../members.ts";

const PIN = "804917";

/** Every row of the browser's database as text: bytes as Latin letters, keys of WebCrypto by their kind. */
const rows = (page: Page) =>
  page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open("socle"));
    const found: Record<string, string> = {};
    const shown = (_: string, value: unknown) => {
      if (value instanceof Uint8Array) return new TextDecoder("latin1").decode(value);
      return value instanceof CryptoKey ? `${value.type} key, ${value.extractable ? "readable" : "unreadable"}` : value;
    };
    for (const name of database.objectStoreNames) {
      const store = database.transaction(name).objectStore(name);
      const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
      keys.forEach((key, at) => (found[`${name} ${key}`] = JSON.stringify(values[at], shown)));
    }
    database.close();
    return found;
  });

/** What stands in the rows of the member's copy; editions are public. */
async function written(page: Page): Promise<string> {
  return Object.entries(await rows(page)).filter(([key]) => !key.startsWith("editions")).flat().join("\n");
}

/** The rows that name a record, by their keys or in what they hold; editions hold every place. */
async function naming(page: Page, id: string): Promise<string[]> {
  const all = Object.entries(await rows(page)).filter(([key, row]) => !key.startsWith("editions") && `${key}\n${row}`.includes(id));
  return all.map(([key]) => key).sort();
}

const outbox = (page: Page) => page.locator(".desk-state a[href$='/edit/outbox']").click();

async function set(page: Page, secret = PIN, tries = "10"): Promise<void> {
  await outbox(page);
  await page.locator("details.lock summary").click();
  await page.getByLabel("Nouveau code").fill(secret);
  await page.getByLabel("Encore une fois").fill(secret);
  await page.getByLabel("Essais faux").selectOption(tries);
  await page.locator("details.lock").getByRole("button", { name: "Mettre un verrou" }).click();
  await expect(page.getByText("Ce téléphone demande votre code")).toBeVisible({ timeout: 30_000 });
}

async function unlock(page: Page, secret = PIN): Promise<void> {
  await page.getByLabel("Code ou phrase de passe").fill(secret);
  await page.getByRole("button", { name: "Ouvrir" }).click();
}

/** Nothing that keeps somebody out, as axe sees it. */
async function accessible(page: Page): Promise<void> {
  await page.setViewportSize({ width: 360, height: 4000 });
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 640 });
}

const locked = (page: Page) => expect(page.getByRole("heading", { name: "Verrouillé" })).toBeVisible({ timeout: 30_000 });
const opened = (page: Page) => expect(page.locator(".desk-state")).toBeVisible({ timeout: 30_000 });

test("a locked copy is sealed on the disk; its PIN opens it, and unsent work goes out after that", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const someone = await phone();
  const page = await join(someone, guide, "editor", "Canari-pseudonyme");
  await open(page, guide, "place", id);
  await section(page, "what");
  await someone.context.setOffline(true);
  await page.locator("#f-alternate-name").fill("Canari-non-partage");
  await save(page);
  const { device } = JSON.parse(JSON.parse((await rows(page))[`own ${guide},own`])).membership;
  const canaries = ["Canari-pseudonyme", "Canari-non-partage", "read_token", "private key", device];
  const before = await written(page);
  for (const canary of canaries) expect(before, canary).toContain(canary);
  // Rows of all records are named by them; nothing says which ones this phone has changed.
  const every = [`records ${guide},${id}`, `summaries ${guide},${id}`];
  expect(await naming(page, id)).toContain(`outbox ${guide},000000000001`);

  // With no network, too.
  await set(page);
  const after = await written(page);
  for (const canary of canaries) expect(after, canary).not.toContain(canary);
  expect(await naming(page, id)).toEqual(every);
  expect((await rows(page))[`settings ${guide},membership`], "for readers' pages: that there is one").toBe('"1"');
  const stores = Object.entries(await rows(page)).filter(([key]) => /^(own|records|summaries|outbox|acknowledged|drafts|authors) /.test(key));
  expect(stores.length).toBeGreaterThan(40);
  for (const [key, row] of stores) expect(row.startsWith('"\\u0001'), key).toBe(true);
  expect(JSON.parse((await rows(page))[`keys ${guide},lock`])).toMatchObject({ rounds: 600_000, tries: 10, failed: 0 });

  await page.getByRole("button", { name: "Verrouiller maintenant" }).click();
  await locked(page);
  await someone.context.setOffline(false);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await unlock(page, "804918");
  await expect(page.getByRole("alert")).toContainText("Il reste 9 essais");
  expect(JSON.stringify(await entries(relay, guide, "fr")), "sent while locked").not.toContain("Canari-non-partage");

  // The same digits from an Arabic keyboard.
  await unlock(page, "٨٠٤٩١٧");
  await opened(page);
  await outbox(page);
  await expect(page.getByText("Tout est arrivé au collectif")).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => JSON.stringify(await entries(relay, guide, "fr"))).toContain("Canari-non-partage");
  const shared = await written(page);
  for (const canary of canaries) expect(shared, canary).not.toContain(canary);
  expect(await naming(page, id), "also of what was shared").toEqual(every);
  expect(Object.keys(await rows(page))).toContain(`acknowledged ${guide},000000000001`);

  await page.reload();
  await locked(page);
  await unlock(page);
  await opened(page);
  await outbox(page);
  await page.locator("details.lock summary").click();
  await page.locator("#secret").fill(PIN);
  await page.getByRole("button", { name: "Enlever le verrou" }).click();
  await expect(page.locator("details.lock summary")).toContainText("Mettre un verrou", { timeout: 30_000 });
  await open(page, guide, "place", id);
  await section(page, "what");
  await page.locator("#f-alternate-name").fill("Sans verrou");
  await save(page);
  await expect.poll(async () => JSON.stringify(await entries(relay, guide, "fr")), { timeout: 30_000 }).toContain("Sans verrou");
  expect(await written(page)).toContain("private key");
});

test("wrong PINs in a row take the copy away", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await join(await phone(), guide, "editor", "Essais");
  await outbox(page);
  // What everybody tries first is not taken.
  await page.locator("details.lock summary").click();
  await page.getByLabel("Nouveau code").fill("123456");
  await page.getByLabel("Encore une fois").fill("123456");
  await page.locator("details.lock").getByRole("button", { name: "Mettre un verrou" }).click();
  await expect(page.getByText("choisissez-en un autre")).toBeVisible();
  await accessible(page);
  await page.locator("details.lock summary").click();
  await set(page, "une phrase à moi", "5");
  await page.reload();
  for (const left of [4, 3, 2]) {
    await locked(page);
    await unlock(page, `faux ${left}`);
    await expect(page.getByRole("alert")).toContainText(`Il reste ${left} essais`);
    if (left === 4) await accessible(page);
    // Starting again gives no further try.
    await page.reload();
  }
  await locked(page);
  await unlock(page, "faux 1");
  await expect(page.getByRole("alert")).toContainText("Il reste 1 essai,");
  await unlock(page, "faux 0");
  await expect(page.getByText("Ce navigateur n’a pas rejoint le guide")).toBeVisible({ timeout: 30_000 });
  // What is left says that nobody has joined.
  const left = Object.keys(await rows(page)).filter((key) => !key.startsWith("editions "));
  expect(left).toEqual([`own ${guide},own`, `versions ${guide},commits`]);
  expect(await written(page)).not.toMatch(/Essais|device/);
});

for (const [tries, said] of [["0", undefined], ["20", "Il reste 19 essais"]] as const) {
  test(`a lock that ${said ? "bears 20 wrong tries" : "never takes the copy away"} says so, and opens after six`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const page = await join(await phone(), guide, "editor", "Patience");
    await set(page, PIN, tries);
    expect(JSON.parse((await rows(page))[`keys ${guide},lock`])).toMatchObject({ tries: Number(tries), failed: 0 });
    await page.reload();
    for (let time = 1; time <= 6; time++) {
      await locked(page);
      await unlock(page, `804${time}00`);
      await expect.poll(async () => JSON.parse((await rows(page))[`keys ${guide},lock`]).failed).toBe(time);
      const wrong = page.getByRole("alert");
      await expect(wrong).toBeVisible();
      if (time === 1) await expect(wrong).toContainText(said ?? "Ce n’est pas ça.");
      if (!said) await expect(wrong).not.toContainText("essai");
    }
    await unlock(page);
    await opened(page);
    expect(JSON.parse((await rows(page))[`keys ${guide},lock`])).toMatchObject({ failed: 0 });
  });
}

test("a passphrase is longer than a PIN", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await join(await phone(), guide, "editor", "Phrase");
  await outbox(page);
  await page.locator("details.lock summary").click();
  await page.getByLabel("Nouveau code").fill("bonjour");
  await page.getByLabel("Encore une fois").fill("bonjour");
  await page.locator("details.lock").getByRole("button", { name: "Mettre un verrou" }).click();
  await expect(page.getByRole("alert")).toContainText("huit signes");
  await page.locator("details.lock summary").click();
  await set(page, "bonjour à vous");
});

test("what was typed before the lock was set leaves the tab's storage, and is there again", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const page = await join(await phone(), guide, "editor", "Avant");
  await open(page, guide, "place", id);
  await section(page, "what");
  await page.locator("#f-alternate-name").fill("Canari-avant");
  const tab = () => page.evaluate(() => JSON.stringify(sessionStorage));
  await expect.poll(tab).toContain("Canari-avant");
  page.once("dialog", (question) => question.accept());
  await set(page);
  const kept = await tab();
  for (const canary of ["Canari-avant", id]) expect(kept, canary).not.toContain(canary);
  await page.goBack();
  await section(page, "what");
  await expect(page.locator("#f-alternate-name")).toHaveValue("Canari-avant");
});

test("who leaves is no member on readers' pages either", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await join(await phone(), guide, "editor", "Départ");
  await expect.poll(async () => (await rows(page))[`settings ${guide},membership`]).toBe('"1"');
  await outbox(page);
  await page.getByRole("button", { name: "Quitter le guide sur ce téléphone" }).click();
  await page.getByRole("button", { name: "Oui, quitter" }).click();
  await expect.poll(async () => Object.keys(await rows(page))).not.toContain(`settings ${guide},membership`);
});

test("out of sight for two minutes it locks, and what was being written is there again", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const page = await join(await phone(), guide, "editor", "Hors de vue");
  await set(page);
  await page.clock.install();
  await page.goto(`${relay.origin}/${guide}/fr/edit/place/${id}`);
  await locked(page);
  await unlock(page);
  await section(page, "what");
  await page.locator("#f-alternate-name").fill("Canari-en-cours");
  const turn = (state: string) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { get: () => state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await turn("hidden");
  await page.clock.fastForward("01:50");
  await turn("visible");
  await expect(page.locator("#f-alternate-name"), "less than two minutes").toHaveValue("Canari-en-cours");
  await turn("hidden");
  await page.clock.fastForward("02:05");
  await turn("visible");
  await locked(page);
  await expect(page.locator("body")).not.toContainText("Canari-en-cours");
  expect(await page.evaluate(() => JSON.stringify(sessionStorage)), "kept in memory alone").not.toContain("Canari-en-cours");
  await unlock(page);
  await section(page, "what");
  await expect(page.locator("#f-alternate-name")).toHaveValue("Canari-en-cours");
});

test("another tab locks as the lock is set, opens by itself, and goes on when the lock is taken away", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const someone = await phone();
  const one = await join(someone, guide, "editor", "Deux onglets");
  const other = await someone.context.newPage();
  await other.goto(one.url());
  await opened(other);
  await set(one);
  await locked(other);
  await unlock(other);
  await opened(other);
  await one.locator("details.lock summary").click();
  await one.locator("#secret").fill(PIN);
  await one.getByRole("button", { name: "Enlever le verrou" }).click();
  await expect(one.locator("details.lock summary")).toContainText("Mettre un verrou", { timeout: 30_000 });
  await open(other, guide, "place", id);
  await section(other, "what");
  await other.locator("#f-alternate-name").fill("De l’autre onglet");
  await save(other);
  await expect(other.locator(".desk-heading")).toContainText("Partagé avec le collectif", { timeout: 30_000 });
});
