// A steward's table: compared by the relay, carried out by the phone, and again when it comes again.
import { expect, kept, rest, test, texts, type Page } from "../socle.ts";
import { entries, join, keptForMembers, open, save, shared, somePlace } from "../members.ts";

/** Chooses a table in the field, as a file of these bytes. */
async function choose(page: Page, table: string, encoding: BufferEncoding = "utf8"): Promise<void> {
  await page.locator("#table").setInputFiles({ name: "lieux.csv", mimeType: "text/csv", buffer: Buffer.from(table, encoding) });
}

const counts = (page: Page) => page.locator("p[role=status] strong");
const place = (page: Page, name: string) => page.locator(".waiting-batch", { hasText: name });

test("a table of a spreadsheet becomes places, and its next version changes what nobody changed by hand", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const iris = await join(await phone(), guide, "steward", "Iris");
  await iris.getByRole("link", { name: "Importer un tableau" }).click();
  await expect(iris.getByRole("heading", { level: 1 })).toHaveText("Importer un tableau");

  // As spreadsheets save it: semicolons, no UTF-8.
  const table = (cost: string, phone: string) =>
    `id;name;services;cost;phones;Notes\r\n1;Épicerie d'essai;food.parcel;${cost};${phone}\r\n2;Vestiaire d'essai;clothing,\r\n;;food\r\n`;
  await choose(iris, table("free", "04 76 00 00 01"), "latin1");
  await expect(counts(iris)).toHaveText("2 nouveaux lieux");
  await expect(place(iris, "Épicerie d'essai").locator(".edits li")).toContainText([/Téléphone.*04 76 00 00 01|04 76 00 00 01/]);
  const remarks = await texts(iris.locator(".remarks li"));
  expect(remarks.map((remark) => remark.split(" :")[0])).toEqual([
    "Sans rien qui les nomme, et laissées",
    "Colonnes qui ne vont dans aucun champ",
    "Pas compris, et laissé de côté",
  ]);
  await iris.getByRole("button", { name: "Importer 2 lieux" }).click();
  await expect(iris.getByText("2 lieux importés.")).toBeVisible();
  await expect.poll(async () => (await entries(relay, guide, "fr")).map(([, entry]) => entry.place?.name)).toEqual(
    expect.arrayContaining(["Épicerie d'essai", "Vestiaire d'essai"]),
  );

  // The same again changes nothing; a hand changes what the table then says otherwise.
  await choose(iris, table("free", "04 76 00 00 01"), "latin1");
  await expect(iris.getByText("Il n’y a rien à changer.")).toBeVisible();
  const [record] = (await entries(relay, guide, "fr")).find(([, entry]) => entry.place?.name === "Épicerie d'essai")!;
  await open(iris, guide, "place", record);
  await iris.locator("#f-name").fill("Épicerie du quartier");
  await save(iris);
  await shared(iris);
  await iris.goto(`${relay.origin}/${guide}/fr/edit/import`);
  await choose(iris, table("paid", "04 76 00 00 02").replace("d'essai", "d'exemple"));
  await expect(counts(iris)).toHaveText("1 lieu modifié · 1 lieu inchangé");
  await expect(iris.locator(".remarks")).toContainText("Modifié à la main, et laissé ainsi : ");
  await iris.getByRole("button", { name: "Importer 1 lieu" }).click();
  await expect(iris.getByText("1 lieu importé.")).toBeVisible();
  const now = async () => JSON.stringify((await entries(relay, guide, "fr")).find(([id]) => id === record)![1]);
  await expect.poll(now).toContain("04 76 00 00 02");
  expect(await now()).toContain("Épicerie du quartier");
  expect(await now()).toContain("paid");
});

test("a table that cannot be read says why, and no network is said", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const helper = await phone();
  const iris = await join(helper, guide, "steward", "Iris");
  await iris.getByRole("link", { name: "Importer un tableau" }).click();
  await choose(iris, "id,titre\n1,Un lieu\n");
  await expect(iris.getByText("Aucune colonne ne s’appelle « name ».")).toBeVisible();
  await choose(iris, "id,name\n1,a\n2,b,c\n");
  await expect(iris.getByText("Le tableau ne se lit pas à la ligne 3.")).toBeVisible();
  await choose(iris, "");
  await expect(iris.getByText("Ce fichier est vide ou dépasse 5 Mo.")).toBeVisible();
  await iris.getByLabel("Nom de ce tableau").fill("Mes lieux !");
  await choose(iris, "name\nUn lieu de passage\n");
  await expect(iris.locator(".desk-note-warning")).toContainText("Lettres a à z");

  await iris.getByLabel("Nom de ce tableau").fill("mes-lieux");
  await kept(iris);
  await helper.context.setOffline(true);
  await choose(iris, "name\nUn lieu de passage\n");
  await expect(iris.getByText("le serveur du guide n’a pas répondu")).toBeVisible();
  await helper.context.setOffline(false);
  await iris.getByRole("button", { name: "Réessayer" }).click();
  await expect(counts(iris)).toHaveText("1 nouveau lieu");

  // The empty table has the headings that are explained.
  await iris.getByText("Quelles colonnes ?").click();
  const download = iris.waitForEvent("download");
  await iris.getByRole("button", { name: "Enregistrer un tableau vide" }).click();
  const saved = await (await download).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of saved) chunks.push(chunk as Buffer);
  const headings = Buffer.concat(chunks).toString("utf8").trim().split(",");
  expect(headings).toEqual(await texts(iris.locator(".columns dt")));
});

test("an import that is left in the middle asks first, and goes on when the table comes again", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const iris = await join(await phone(), guide, "steward", "Iris");
  await iris.goto(`${relay.origin}/${guide}/fr/edit/import`);
  const ROWS = 150;
  const names = Array.from({ length: ROWS }, (_, at) => `Halte d'essai ${at + 1}`);
  const table = ["id,name", ...names.map((name, at) => `${at + 1},${name}`)].join("\n");
  const comes = async () => {
    await iris.getByLabel("Nom de ce tableau").fill("haltes");
    await choose(iris, table);
  };
  await comes();
  await expect(counts(iris)).toHaveText(`${ROWS} nouveaux lieux`);
  const asked: string[] = [];
  let stays = true;
  iris.on("dialog", (dialog) => {
    asked.push(dialog.message());
    return stays ? dialog.dismiss() : dialog.accept();
  });
  await iris.getByRole("button", { name: `Importer ${ROWS} lieux` }).click();
  // Some are done, most are not.
  await iris.waitForFunction(() => Number(document.querySelector("progress")?.getAttribute("value")) > 2);
  const elsewhere = iris.locator("nav.bottom a, header a").first();
  await elsewhere.click();
  expect(asked).toEqual([expect.stringContaining("Tout n’est pas encore fait.")]);
  await expect(iris.locator("progress")).toBeVisible();
  stays = false;
  await elsewhere.click();
  await expect(iris.locator("progress")).toHaveCount(0);

  await iris.goto(`${relay.origin}/${guide}/fr/edit/import`);
  await comes();
  // Those that came over are as the table has them.
  await expect(counts(iris)).toHaveText(/^\d+ nouveaux lieux · \d+ lieux inchangés$/);
  await iris.getByRole("button", { name: /^Importer \d+ lieux$/ }).click();
  await expect(iris.getByText(/^\d+ lieux importés\.$/)).toBeVisible({ timeout: 120_000 });
  const there = async () => (await entries(relay, guide, "fr")).map(([, entry]) => entry.place?.name).filter((name) => name?.startsWith("Halte d'essai"));
  await expect.poll(async () => (await there()).sort()).toEqual(names.sort());
});

test("a newer version does not take a running import away", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const iris = await join(await phone(), guide, "steward", "Iris");
  await iris.goto(`${relay.origin}/${guide}/fr/edit/import`);
  await keptForMembers(iris);
  const ROWS = 150;
  await iris.getByLabel("Nom de ce tableau").fill("versions");
  await choose(iris, ["id,name", ...Array.from({ length: ROWS }, (_, at) => `${at},Escale d'essai ${at}`)].join("\n"));
  await expect(counts(iris)).toHaveText(`${ROWS} nouveaux lieux`);
  relay.offerNewerBuild();
  await iris.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  const bar = iris.getByRole("button", { name: "L’utiliser maintenant" });
  await expect(bar).toBeVisible();
  await iris.evaluate(() => {
    const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }));
    Object.assign(globalThis, { taken });
  });
  await iris.getByRole("button", { name: `Importer ${ROWS} lieux` }).click();
  await iris.waitForFunction(() => Number(document.querySelector("progress")?.getAttribute("value")) > 2);
  await bar.click();
  await rest(iris);
  // The newer version has taken over, and the import goes on, on the same page.
  await iris.evaluate(async () => void (await (globalThis as never as { taken: Promise<Event> }).taken));
  await expect(iris.locator("progress")).toBeVisible();
  await expect(iris.getByText(`${ROWS} lieux importés.`)).toBeVisible({ timeout: 120_000 });
  expect(await iris.evaluate(() => "taken" in globalThis)).toBe(true);
  // Once nothing is left to do, the page follows at a tap.
  const reloaded = iris.waitForEvent("load");
  await bar.click();
  await reloaded;
  await expect(bar).toHaveCount(0);
});

test("an editor finds no way to import, and is told so", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const imre = await join(await phone(), guide, "editor", "Imre");
  await expect(imre.getByRole("link", { name: "Nouveau lieu" })).toBeVisible();
  await expect(imre.getByRole("link", { name: "Importer un tableau" })).toHaveCount(0);
  await imre.goto(`${relay.origin}/${guide}/fr/edit/import`);
  await choose(imre, "name\nUn lieu de passage\n");
  await expect(imre.getByText("Votre rôle ne le permet pas.")).toBeVisible();
});
