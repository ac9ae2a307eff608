// What a person saves stays on their phone: in folders, without a network, told to nobody.
import { expect, live, seldomKept, test, type Page } from "../socle.ts";
import { somePlace, type Entry } from "../members.ts";
import type { Relay } from "../relay.ts";

/** Where folders are named. */
const folder = (page: Page) => page.getByLabel(/^Dossier/);
const headings = (page: Page) => page.locator("main section h2");
const toggle = (page: Page) => page.locator("article.place button[aria-pressed]");

/** Opens a place by its address and saves it. */
async function savePlace(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await live(page);
  await toggle(page).click();
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
}

async function openSaved(page: Page): Promise<void> {
  await page.locator("nav.bottom").getByRole("link", { name: "Gardés" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Lieux gardés");
}

/** The names under each heading, in their order. */
async function shelves(page: Page): Promise<[string, string[]][]> {
  return page.locator("main section").evaluateAll((sections) =>
    sections.map((section) => [
      section.querySelector("h2")!.textContent!,
      [...section.querySelectorAll("h3")].map((name) => name.textContent!),
    ]),
  );
}

async function three(relay: Relay) {
  const places = await Promise.all([0, 1, 2].map((at) => somePlace(relay, at)));
  const address = (at: number) => `${relay.origin}/${places[at].guide}/fr/place/${places[at].id}`;
  return { guide: places[0].guide, ids: places.map(({ id }) => id), names: places.map(({ name }) => name), address };
}

/** Everything that the phone keeps in its databases and stores, as one text. */
async function stored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const all: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
    for (const { name } of await indexedDB.databases()) {
      const db = await done(indexedDB.open(name!));
      for (const store of db.objectStoreNames) {
        const content = db.transaction(store).objectStore(store);
        all.push(await done(content.getAllKeys()), await done(content.getAll()));
      }
      db.close();
    }
    return JSON.stringify(all);
  });
}

test("places are saved into folders, and are there with the relay dead", async ({ phone, relay }) => {
  const { names, address } = await three(relay);
  const [first, second, third] = names;
  const page = await (await phone()).page();
  await savePlace(page, address(0));
  await expect(toggle(page)).toHaveText("Gardé");
  await toggle(page).click();
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "false");
  await expect(toggle(page)).toHaveText("Garder");
  await toggle(page).click();
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");

  await openSaved(page);
  await expect(page.locator("nav.bottom [aria-current]")).toHaveText("Gardés");
  expect(await shelves(page)).toEqual([["Sans dossier", [first]]]);
  await folder(page).fill("Pour lundi");
  await page.getByRole("button", { name: "Y ranger" }).click();
  await expect(headings(page)).toHaveText(["Pour lundi"]);

  // What is in no folder stands first, in the order in which it was saved.
  await savePlace(page, address(2));
  await savePlace(page, address(1));
  await openSaved(page);
  await expect(headings(page)).toHaveText(["Sans dossier", "Pour lundi"]);
  const all: [string, string[]][] = [["Sans dossier", [third, second]], ["Pour lundi", [first]]];
  expect(await shelves(page)).toEqual(all);
  // Folders that there are need not be typed again.
  expect(await page.locator("datalist option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value))).toEqual(["Pour lundi"]);

  await seldomKept(page);
  await relay.kill();
  try {
    await page.reload();
    await live(page);
    await expect(headings(page)).toHaveCount(2);
    expect(await shelves(page)).toEqual(all);
    await page.getByRole("link", { name: first }).click();
    await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
    // Saved without a network is saved, too.
    await toggle(page).click();
    await expect(toggle(page)).toHaveAttribute("aria-pressed", "false");
    await page.reload();
    await live(page);
    await expect(toggle(page)).toHaveAttribute("aria-pressed", "false");
  } finally {
    await relay.up();
  }
});

test("every field shows the folder of its own place", async ({ phone, relay }) => {
  const { names, address } = await three(relay);
  const page = await (await phone()).page();
  await savePlace(page, address(0));
  await savePlace(page, address(1));
  await openSaved(page);
  await folder(page).first().fill("Pour lundi");
  await folder(page).first().press("Enter");
  await expect(headings(page)).toHaveText(["Sans dossier", "Pour lundi"]);
  expect(await shelves(page)).toEqual([["Sans dossier", [names[1]]], ["Pour lundi", [names[0]]]]);
  // What was typed for one place must not stand beside another.
  await expect(folder(page).nth(0)).toHaveValue("");
  await expect(folder(page).nth(1)).toHaveValue("Pour lundi");
});

test("what was removed can be taken back to where it was", async ({ phone, relay }) => {
  const { names, address } = await three(relay);
  const page = await (await phone()).page();
  await savePlace(page, address(0));
  await savePlace(page, address(1));
  await savePlace(page, address(2));
  await openSaved(page);
  await folder(page).first().fill("Pour lundi");
  await folder(page).first().press("Enter");
  await expect(headings(page)).toHaveCount(2);

  await page.getByRole("button", { name: `Retirer ${names[0]}` }).click();
  const said = page.getByRole("status").filter({ hasText: `Retiré : ${names[0]}.` });
  await expect(said).toBeVisible();
  await expect(headings(page)).toHaveText(["Sans dossier"]);
  await said.getByRole("button", { name: "Annuler" }).click();
  await expect(headings(page)).toHaveText(["Sans dossier", "Pour lundi"]);
  await expect(said).toHaveCount(0);
  await page.reload();
  await live(page);
  await expect(headings(page)).toHaveCount(2);
  const all = [["Sans dossier", [names[1], names[2]]], ["Pour lundi", [names[0]]]];
  expect(await shelves(page)).toEqual(all);
  await page.getByRole("button", { name: `Retirer ${names[1]}` }).click();
  await expect(page.locator("li.saved")).toHaveCount(2);
  await page.getByRole("status").getByRole("button", { name: "Annuler" }).click();
  await expect(page.locator("li.saved")).toHaveCount(3);
  expect(await shelves(page)).toEqual(all);

  // Removed and left: it stays so.
  for (const name of names) await page.getByRole("button", { name: `Retirer ${name}` }).click();
  await expect(page.getByText("Rien de gardé pour l’instant")).toBeVisible();
  await page.reload();
  await live(page);
  await expect(page.getByText("Rien de gardé pour l’instant")).toBeVisible();
});

test("a second tap brings a place back into its folder, and nothing typed is lost with it", async ({ phone, relay }) => {
  const { names, address } = await three(relay);
  const page = await (await phone()).page();
  await savePlace(page, address(0));
  await savePlace(page, address(1));
  await openSaved(page);
  await folder(page).nth(1).fill("Plus tard");
  await folder(page).first().fill("Pour lundi");
  await folder(page).first().press("Enter");
  await expect(headings(page)).toHaveText(["Sans dossier", "Pour lundi"]);
  // Typed beside the other place, not sent off.
  await expect(folder(page).first()).toHaveValue("Plus tard");
  await page.getByRole("link", { name: names[0] }).click();
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
  await toggle(page).click();
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "false");
  await toggle(page).click();
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
  await openSaved(page);
  await expect.poll(() => shelves(page)).toEqual([["Sans dossier", [names[1]]], ["Pour lundi", [names[0]]]]);
});

test("two tabs lose nothing of each other", async ({ phone, relay }) => {
  const { names, address } = await three(relay);
  const reader = await phone();
  const tabs: Page[] = [];
  for (const at of [0, 1]) tabs.push(await reader.page(new URL(address(at)).pathname));
  for (const tab of tabs) await live(tab);
  for (const tab of tabs) {
    await toggle(tab).click();
    await expect(toggle(tab)).toHaveAttribute("aria-pressed", "true");
  }
  for (const tab of tabs) {
    await openSaved(tab);
    // What another tab saved is read once the page is there.
    await expect.poll(() => shelves(tab)).toEqual([["Sans dossier", names.slice(0, 2)]]);
  }
});

test("two taps in a hurry both count", async ({ phone, relay }) => {
  const { names, address } = await three(relay);
  const page = await (await phone()).page();
  for (const at of [0, 1, 2]) await savePlace(page, address(at));
  await openSaved(page);
  await expect(page.locator("main h3")).toHaveCount(3);
  // Both before the phone has written the first: its storage is slower than fingers.
  await page.getByRole("button", { name: /^Retirer / }).evaluateAll((buttons) => buttons.slice(0, 2).forEach((button) => (button as HTMLElement).click()));
  await expect(page.locator("main h3")).toHaveText([names[2]]);
  await page.reload();
  await live(page);
  await expect(page.locator("main h3")).toHaveText([names[2]]);
});

test("removing the guide from the phone removes what was saved of it", async ({ phone, relay }) => {
  const { guide, ids, address } = await three(relay);
  const page = await (await phone()).page();
  await savePlace(page, address(0));
  await openSaved(page);
  await folder(page).fill("Chez Aïcha");
  await folder(page).press("Enter");
  await expect(headings(page)).toHaveText(["Chez Aïcha"]);
  expect(await stored(page)).toContain("Chez Aïcha");

  await page.locator("nav.bottom").getByRole("link", { name: "Cette copie" }).click();
  await page.getByRole("button", { name: "Retirer ce guide de mon téléphone" }).click();
  await expect(page.getByText("Pas gardé pour de bon")).toBeVisible();
  const left = await stored(page);
  expect(left).not.toContain("Chez Aïcha");
  expect(left).not.toContain(ids[0]);
  await openSaved(page);
  await expect(page.getByText("Rien de gardé pour l’instant")).toBeVisible();
  await page.goto(`${relay.origin}/${guide}/fr/saved`);
  await live(page);
  await expect(page.getByText("Rien de gardé pour l’instant")).toBeVisible();
});

test("nobody is told what was saved", async ({ phone, relay }) => {
  const { guide, ids, names, address } = await three(relay);
  const reader = await phone();
  const page = await reader.page(`/${guide}/fr/`);
  await seldomKept(page);
  await page.getByRole("searchbox").first().fill(names[0]);
  await page.getByRole("searchbox").first().press("Enter");
  await page.locator(`.card a[href$="${ids[0]}"]`).click();
  await expect(toggle(page)).toBeVisible();
  await page.waitForLoadState("networkidle");

  // Every request to the relay, as the relay sees it: those of the service worker, too.
  const seen: string[] = [];
  relay.loseAnswer = (request) => {
    seen.push(`${request.method} ${request.url}`);
    return false;
  };
  try {
    for (const pressed of ["true", "false", "true"]) {
      await toggle(page).click();
      await expect(toggle(page)).toHaveAttribute("aria-pressed", pressed);
    }
    expect(seen, "requests while saving").toEqual([]);
    await openSaved(page);
    await folder(page).fill("Pour lundi");
    await folder(page).press("Enter");
    await expect(headings(page)).toHaveText(["Pour lundi"]);
    await page.getByRole("button", { name: /^Retirer / }).click();
    await expect(headings(page)).toHaveCount(0);
    await page.getByRole("button", { name: "Annuler" }).click();
    await expect(headings(page)).toHaveText(["Pour lundi"]);
    await page.reload();
    await live(page);
    await expect(headings(page)).toHaveText(["Pour lundi"]);
    await page.waitForLoadState("networkidle");
    // The reload itself proves that requests are heard of here.
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((request) => request.includes(ids[0]) || request.includes("lundi"))).toEqual([]);
    expect(seen.filter((request) => !request.startsWith("GET "))).toEqual([]);
  } finally {
    relay.loseAnswer = () => false;
  }
  await page.goto(address(0));
  await live(page);
  await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
});

test("what was saved in one language is there in another, or is said to be gone", async ({ phone, relay }) => {
  const { guide, ids } = await three(relay);
  // A place that only the French edition has.
  const lost = "f".repeat(32);
  relay.rewritten.set(`/api/guides/${guide}/editions/fr`, (text) => {
    const edition = JSON.parse(text);
    if (edition.whole) edition.whole.entries[lost] = { place: { ...(edition.whole.entries[ids[0]] as Entry).place, name: "Lieu perdu" } };
    return JSON.stringify(edition);
  });
  try {
    const page = await (await phone({ locale: "ar" })).page(`/${guide}/fr/`);
    await live(page);
    await page.getByRole("searchbox").first().fill("perdu");
    await page.getByRole("searchbox").first().press("Enter");
    await page.locator(`.card a[href$="${lost}"]`).click();
    await toggle(page).click();
    await expect(toggle(page)).toHaveAttribute("aria-pressed", "true");
    await savePlace(page, `${relay.origin}/${guide}/ar/place/${ids[0]}`);
    await page.locator("nav.bottom").getByRole("link", { name: "المحفوظات" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("الأماكن المحفوظة");
    await expect(page.locator("main h3")).toHaveCount(2);
    await expect(page.locator(`main a[href="/${guide}/ar/place/${ids[0]}"]`)).toBeVisible();
    // Its name is still there for whoever asks for it; a link would lead nowhere.
    const gone = page.locator("li.card", { hasText: "Lieu perdu" });
    await expect(gone).toContainText("لم يعد في هذا الدليل");
    await expect(gone.getByRole("link")).toHaveCount(0);
  } finally {
    relay.rewritten.clear();
  }
});

test("without JavaScript the page says what it lacks, and no place offers to be saved", async ({ phone, relay }) => {
  const { guide, address } = await three(relay);
  const page = await (await phone({ javaScriptEnabled: false })).page(`/${guide}/fr/saved`);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Lieux gardés");
  await expect(page.getByText("Il faut pour cela JavaScript")).toBeVisible();
  await page.goto(address(0));
  await expect(page.getByRole("link", { name: "Partager" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Garder" })).toHaveCount(0);
});
