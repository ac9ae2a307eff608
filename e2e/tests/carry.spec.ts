// Work carried by hand: a file of sealed batches from a phone with no network, delivered by another.
import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import { join, keptForMembers, open, save, shared, somePlace } from "../members.ts";
import { expect, test, type Page } from "../socle.ts";

test("a colleague delivers what a phone with no network could not send, twice if they like", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 1);
  const [alice, bob] = [await phone(), await phone()];
  const a = await join(alice, guide, "editor", "Alice");
  await open(a, guide, "place", id);
  await keptForMembers(a);
  const b = await join(bob, guide, "contributor", "Bob");

  await alice.context.setOffline(true);
  for (const name of ["Porté une fois", "Porté deux fois"]) {
    await a.locator("#f-alternate-name").fill(name);
    await save(a);
  }
  await outbox(a, guide);
  const saving = a.waitForEvent("download");
  await a.getByRole("button", { name: "Enregistrer dans un fichier" }).click();
  const download = await saving;
  expect(download.suggestedFilename()).toBe(`socle-${guide}-2.batches`);
  const file = await readFile(await download.path());

  // What the carrier's phone gives away: the file as it is, no name of its own.
  const posts: string[] = [];
  bob.context.on("request", (request) => {
    if (request.method() === "POST") posts.push(`${new URL(request.url()).pathname} ${JSON.stringify(request.headers()["authorization"] ?? "")}`);
  });
  await outbox(b, guide);
  const { violations } = await new AxeBuilder({ page: b }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  for (const time of ["once", "twice"]) {
    await b.locator("#carried").setInputFiles({ name: "socle.batches", mimeType: "application/cbor-seq", buffer: file });
    const fates = b.locator(".deliver li");
    // Those of the first time stand there until the file is read again.
    await expect.poll(() => posts.length, time).toBe(time === "once" ? 2 : 4);
    await expect(fates, time).toHaveCount(2);
    for (const at of [0, 1]) await expect(fates.nth(at), time).toContainText("c’est chez le collectif");
  }
  expect(posts).toHaveLength(4);
  for (const post of posts) expect(post).toMatch(new RegExp(`^/api/guides/${guide}/batches/[0-9a-f]{32} ""$`));
  await open(b, guide, "place", id);
  await expect(b.locator("#f-alternate-name")).toHaveValue("Porté deux fois", { timeout: 30_000 });

  // The phone that made it hears the same when it is back, and nothing is done twice.
  await alice.context.setOffline(false);
  await open(a, guide, "place", id);
  await shared(a);
  await expect(a.locator("#f-alternate-name")).toHaveValue("Porté deux fois");
});

test("where the phone has a share sheet, a text goes through it, which another phone delivers", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 3);
  const alice = await phone();
  // A sheet as Chromium's: it takes texts, and it is the browser's own, so the test keeps what it was given.
  await alice.context.addInitScript(() => {
    const sheet = { given: [] as object[], answers: "AbortError" };
    Object.assign(globalThis, { sheet });
    const takes = ({ files }: ShareData) => !!files && files.every(({ name, type }) => type === "text/plain" && name.endsWith(".txt"));
    const share = async ({ files }: ShareData) => {
      for (const file of files!) sheet.given.push({ name: file.name, text: await file.text() });
      if (sheet.answers) throw new DOMException("", sheet.answers);
    };
    Object.assign(navigator, { canShare: takes, share });
  });
  const a = await join(alice, guide, "editor", "Alice");
  await open(a, guide, "place", id);
  await keptForMembers(a);
  await alice.context.setOffline(true);
  await a.locator("#f-alternate-name").fill("Porté comme texte");
  await save(a);
  await outbox(a, guide);
  const downloads: string[] = [];
  a.on("download", (download) => downloads.push(download.suggestedFilename()));
  const given = () => a.evaluate(() => (globalThis as unknown as { sheet: { given: { name: string; text: string }[] } }).sheet.given);
  const hand = () => a.getByRole("button", { name: "Enregistrer dans un fichier" }).click();

  // Whoever closes the sheet gets neither an error nor a file that they did not ask for.
  await hand();
  await expect.poll(async () => (await given()).length).toBe(1);
  await a.evaluate(() => ((globalThis as unknown as { sheet: { answers: string } }).sheet.answers = ""));
  await hand();
  await expect.poll(async () => (await given()).length).toBe(2);
  await expect(a.getByRole("alert")).toHaveCount(0);
  // A sheet that fails is no reason to go without.
  await a.evaluate(() => ((globalThis as unknown as { sheet: { answers: string } }).sheet.answers = "NotAllowedError"));
  await hand();
  await expect.poll(() => downloads).toEqual([`socle-${guide}-1.batches`]);
  const [, { name, text }] = await given();
  expect(name).toBe(`socle-${guide}-1.txt`);
  expect(text).toMatch(/^[0-9a-f]+\n$/);

  // Broken into lines on its way, as messengers do.
  const b = await join(await phone(), guide, "contributor", "Bob");
  await outbox(b, guide);
  const buffer = Buffer.from(text.replace(/.{76}/g, "$&\r\n"));
  await b.locator("#carried").setInputFiles({ name, mimeType: "text/plain", buffer });
  await expect(b.locator(".deliver li")).toContainText("c’est chez le collectif");
  await open(b, guide, "place", id);
  await expect(b.locator("#f-alternate-name")).toHaveValue("Porté comme texte", { timeout: 30_000 });
});

test("what is no such file, or was changed on the way, is said and changes nothing", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 2);
  const alice = await phone();
  const page = await join(alice, guide, "editor", "Alice");
  await open(page, guide, "place", id);
  await keptForMembers(page);
  await alice.context.setOffline(true);
  await page.locator("#f-alternate-name").fill("Intact");
  await save(page);
  await outbox(page, guide);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Enregistrer dans un fichier" }).click();
  const file = await readFile(await (await saving).path());
  const deliver = (buffer: Buffer) => page.locator("#carried").setInputFiles({ name: "a.batches", mimeType: "application/octet-stream", buffer });

  await deliver(Buffer.from("name,street"));
  await expect(page.getByText("Ce fichier ne contient rien à remettre.")).toBeVisible();
  await deliver(file);
  await expect(page.locator(".deliver li")).toContainText("le serveur n’a pas répondu");
  await expect(page.getByText("Ce fichier ne contient rien à remettre.")).toHaveCount(0);

  // A byte of the signature: the relay believes nothing else.
  const forged = Buffer.from(file);
  forged[20] ^= 1;
  const bob = await join(await phone(), guide, "steward", "Bob");
  await outbox(bob, guide);
  await bob.locator("#carried").setInputFiles({ name: "a.batches", mimeType: "application/octet-stream", buffer: forged });
  await expect(bob.locator(".deliver li")).toContainText("refusé");
  await open(bob, guide, "place", id);
  await expect(bob.locator("#f-alternate-name")).not.toHaveValue("Intact");
});

async function outbox(page: Page, guide: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/${guide}/fr/edit/outbox`);
  await expect(page.locator("#carried")).toBeVisible();
}
