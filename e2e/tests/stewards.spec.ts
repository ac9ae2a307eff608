// Who is a member, and what is gone: invites by code, roles, revocation in the middle of an edit, the
// last steward, purge from every phone.
import { readFile } from "node:fs/promises";
import { expect, kept, live, test, type Page } from "../socle.ts";
import { join, open, save, section, shared, somePlace } from "../members.ts";
import { scanned } from "../qr.ts";

/** The members' page of a steward who just joined. */
async function members(page: Page, guide: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/${guide}/fr/edit/members`);
  await expect(page.locator(".devices")).toBeVisible();
}

const device = (page: Page, name: string) => page.locator(".device", { hasText: name });

test("an invite is scanned, the role changes, revocation ends the work and keeps it", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const tess = await join(await phone(), guide, "steward", "Tess");
  await tess.locator(".desk-state").getByRole("link", { name: "Membres" }).click();
  await expect(tess.locator(".devices")).toBeVisible();
  // What earlier tests left open.
  const invites = tess.locator(".open-invites li");
  for (let left = await invites.count(); left > 0; left -= 1) {
    await invites.first().getByRole("button", { name: "Annuler l’invitation" }).click();
    await expect(invites).toHaveCount(left - 1);
  }
  await tess.getByLabel("Ce que la personne pourra faire").selectOption("editor");
  await tess.getByLabel("L’invitation vaut").selectOption("1");
  await tess.getByRole("button", { name: "Créer une invitation" }).click();
  const link = (await scanned(tess.locator("svg.code"), tess))!;
  expect(link).toMatch(new RegExp(`^${relay.origin}/${guide}/join#[0-9a-f]{32}$`));
  await expect(tess.locator(".made-invite .quoted")).toHaveText(link);
  await expect(invites).toHaveText([/rédaction, encore 24 heures/]);

  const ana = await phone();
  const page = await ana.context.newPage();
  await page.goto(link);
  await page.getByRole("button", { name: "Français" }).click();
  await page.getByLabel("Un nom pour vous dans le collectif").fill("Anouk");
  await page.getByRole("button", { name: "Rejoindre" }).click();
  await page.getByRole("link", { name: "Aller aux fiches" }).click();
  await expect(page.locator('a[href*="/edit/place/"]').first()).toBeVisible();
  await expect(page.locator(".desk-state").getByRole("link", { name: "Membres" })).toHaveCount(0);
  // Whoever opens the page by its address is told, by the relay.
  await page.goto(`${relay.origin}/${guide}/fr/edit/members`);
  await expect(page.getByText("Seuls les responsables")).toBeVisible();

  // Another invite is withdrawn; the one that was used is not listed any more.
  await tess.getByRole("button", { name: "Créer une invitation" }).click();
  await expect(tess.locator(".made-invite .quoted")).not.toHaveText(link);
  await expect(invites).toHaveCount(1);
  await tess.locator(".open-invites").getByRole("button", { name: "Annuler l’invitation" }).click();
  await expect(tess.locator(".open-invites")).toHaveCount(0);

  // The last steward stays, whoever asks. Whoever joined in earlier tests goes first.
  const others = tess.locator(".device:not(:has-text('cet appareil'), :has-text('Anouk'))").getByRole("button", { name: "Retirer", exact: true });
  for (let left = await others.count(); left > 0; left -= 1) {
    await others.first().click();
    await tess.getByRole("button", { name: "Oui, retirer" }).click();
    // The button that asks has another name: it is fewer already before it is done.
    await expect(tess.getByRole("button", { name: "Oui, retirer" })).toHaveCount(0);
    await expect(others).toHaveCount(left - 1);
  }
  await device(tess, "Tess").getByRole("combobox").selectOption("editor");
  await expect(tess.getByRole("alert")).toContainText("la dernière personne responsable");
  await expect(device(tess, "Tess").getByRole("combobox")).toHaveValue("steward");
  await expect(device(tess, "Tess")).toContainText("cet appareil");

  // All rights are not given at a touch: nothing is asked of the relay until it was confirmed.
  const roles: string[] = [];
  tess.on("request", (request) => {
    if (request.url().endsWith("/role")) roles.push(request.postData() ?? "");
  });
  const anouk = device(tess, "Anouk");
  await anouk.getByRole("combobox").selectOption("steward");
  await expect(anouk).toContainText("Anouk pourra tout changer dans le guide");
  await anouk.getByRole("button", { name: "Annuler" }).click();
  await expect(anouk.getByRole("combobox")).toHaveValue("editor");
  await anouk.getByRole("combobox").selectOption("contributor");
  await expect.poll(() => roles).toEqual(['{"role":"contributor"}']);
  // What was chosen stands there at once; what the relay says comes with a list drawn anew.
  await expect(anouk.locator("option[selected]")).toHaveAttribute("value", "contributor");
  await anouk.getByRole("combobox").selectOption("steward");
  await anouk.getByRole("button", { name: "Oui, donner ce rôle" }).click();
  await expect.poll(() => roles).toEqual(['{"role":"contributor"}', '{"role":"steward"}']);
  await expect(anouk.getByRole("combobox")).toHaveValue("steward");
  await expect(tess.getByRole("alert")).toHaveCount(0);
  await expect(page.locator(".desk-state").getByRole("link", { name: "Membres" })).toBeVisible({ timeout: 30_000 });

  // In the middle of an edit, away from the network.
  await open(page, guide, "place", id);
  await section(page, "what");
  await ana.context.setOffline(true);
  await page.locator("#f-alternate-name").fill("Écrit avant d’être retirée");
  await save(page);
  await device(tess, "Anouk").getByRole("button", { name: "Retirer" }).click();
  await device(tess, "Anouk").getByRole("button", { name: "Oui, retirer" }).click();
  await expect(device(tess, "Anouk")).toContainText("retiré");
  await ana.context.setOffline(false);
  await expect(page.locator(".desk")).toContainText("Le collectif n’accepte plus de modifications depuis ce téléphone", { timeout: 30_000 });
  await page.goto(`${relay.origin}/${guide}/fr/edit/outbox`);
  await expect(page.locator(".refused-batch")).toHaveCount(1);
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Garder dans un fichier" }).click()]);
  const file = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(file.unsent[0].changes).toEqual(["Autre nom : Écrit avant d’être retirée"]);
  expect(file.unsent[0].edits).toHaveLength(1);

  // Without a network the page says so, and shows nothing that may be wrong.
  await tess.context().setOffline(true);
  await members(tess, guide).catch(() => {});
  await expect(tess.getByText("Il faut du réseau pour cela")).toBeVisible();
  await tess.context().setOffline(false);
});

/** Where `words` stand in the phone's storage, as text or as bytes: the rows' keys, the tab's memory. */
async function places(page: Page, words: string): Promise<string[]> {
  return page.evaluate(async (words) => {
    const text = (value: unknown): string => {
      if (value instanceof Uint8Array) return new TextDecoder().decode(value);
      if (typeof value === "string") return value;
      if (value && typeof value === "object" && !(value instanceof CryptoKey)) return Object.values(value).map(text).join("\n");
      return String(value);
    };
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await done(indexedDB.open("socle"));
    const found = await Promise.all(
      [...db.objectStoreNames].map(async (name) => {
        const store = db.transaction(name).objectStore(name);
        const [keys, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
        return keys.map((key, at) => [`${name} ${key}`, text(values[at])]);
      }),
    );
    db.close();
    const all = [...found.flat(), ...Object.entries({ ...sessionStorage }), ...Object.entries({ ...localStorage })];
    return all.filter(([key, value]) => `${key}\n${value}`.includes(words)).map(([key]) => key);
  }, words);
}

const holds = async (page: Page, words: string) => (await places(page, words)).length > 0;

test("a purged place is on no phone any more", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const canary = "Kanarienvogel";
  const tess = await join(await phone(), guide, "steward", "Tess");
  const bobs = await phone();
  const bob = await join(bobs, guide, "editor", "Bob");
  await tess.goto(`${relay.origin}/${guide}/fr/edit/new/place`);
  await tess.locator("#f-name").fill(`${canary} du quai`);
  await tess.locator("#save").click();
  await expect(tess).toHaveURL(/\/edit\/place\/[0-9a-f]{32}$/);
  const id = tess.url().slice(-32);
  await shared(tess);

  const reader = await (await phone()).page(`/${guide}/fr/`);
  await kept(reader);
  await expect.poll(async () => (await reader.reload(), await live(reader), holds(reader, canary)), { timeout: 30_000 }).toBe(true);
  // Deltas were kept beside it, too: the place's old name stands in the copy's first line.
  await tess.locator("#f-alternate-name").fill(`${canary} bis`);
  await save(tess);
  await shared(tess);
  await expect.poll(async () => (await reader.reload(), await live(reader), holds(reader, `${canary} bis`)), { timeout: 30_000 }).toBe(true);

  // It is saved there, and stands in the copy of a language that is not open when the purge arrives.
  await reader.goto(`${relay.origin}/${guide}/fr/place/${id}`);
  await live(reader);
  await reader.locator("article.place button[aria-pressed]").click();
  await expect.poll(() => places(reader, canary)).toContain(`settings ${guide},saved`);
  await reader.goto(`${relay.origin}/${guide}/ar/`);
  await live(reader);
  const copies = ["ar", "fr"].map((language) => `editions ${guide},${language}`);
  await expect.poll(() => places(reader, canary)).toEqual(expect.arrayContaining(copies));
  await reader.goto(`${relay.origin}/${guide}/fr/saved`);
  await live(reader);

  // The steward reads the guide as well, and so keeps a copy of it beside the workspace.
  const reading = await tess.context().newPage();
  await reading.goto(`${relay.origin}/${guide}/fr/`);
  await live(reading);
  await expect.poll(() => places(reading, canary)).toContain(`editions ${guide},fr`);
  await reading.close();

  // Another member works on it with no network, and has something typed that is not saved.
  await open(bob, guide, "place", id);
  await bobs.context.setOffline(true);
  await bob.locator("#f-alternate-name").fill(`${canary} chez Bob`);
  await save(bob);
  await bob.locator("#f-name").fill(`${canary} à moitié`);
  await expect.poll(() => holds(bob, `${canary} chez Bob`)).toBe(true);

  await tess.getByRole("button", { name: "Effacer définitivement" }).click();
  await expect(tess.locator("#purge")).toBeDisabled();
  await tess.locator("#purge-name").fill(`${canary} du quai`);
  await tess.locator("#purge").click();
  await expect(tess).toHaveURL(new RegExp(`/${guide}/fr/edit$`));
  expect(await holds(tess, canary), "the steward's own phone").toBe(false);

  await bobs.context.setOffline(false);
  await expect(bob).toHaveURL(new RegExp(`/${guide}/fr/edit$`), { timeout: 30_000 });
  await expect.poll(() => holds(bob, canary), { message: "another member's phone" }).toBe(false);
  await expect.poll(async () => (await reader.reload(), await live(reader), holds(reader, canary)), { timeout: 30_000, message: "a reader's copy" }).toBe(false);
  // Both copies are there, as they are now, and the saved place is said to be gone.
  await expect.poll(() => places(reader, '"whole"')).toEqual(expect.arrayContaining(copies));
  await expect(reader.locator("main .cards")).toContainText("N’est plus dans ce guide");
  await reader.goto(`${relay.origin}/${guide}/fr/place/${id}`);
  await expect(reader.locator("main")).not.toContainText(canary);
});
