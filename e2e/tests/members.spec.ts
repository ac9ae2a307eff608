// Members edit with no network; nothing is lost, everything is merged, readers see the result.
import { expect, kept, live, rest, test } from "../socle.ts";
import { fillable, hearNetwork, join, keptForMembers, open, room, save, section, settings, shared, somePlace } from "../members.ts";

test("an edit made with no network reaches another member and the reader", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const alice = await phone();
  const page = await join(alice, guide, "editor", "Alice");
  await open(page, guide, "place", id);
  await keptForMembers(page);

  await relay.kill();
  await page.locator("#f-alternate-name").fill("Chez Alice");
  await save(page);
  await expect(page.locator(".desk-heading")).toContainText("Enregistré sur ce téléphone");

  // The phone restarts, still with no network: the edit is there, and still waits.
  await page.reload();
  await expect(page.locator("#f-alternate-name")).toHaveValue("Chez Alice");
  await expect(page.locator(".desk-heading")).toContainText("Enregistré sur ce téléphone");

  await relay.up();
  await shared(page);

  const bob = await phone();
  const other = await join(bob, guide, "editor", "Bob");
  await open(other, guide, "place", id);
  await expect(other.locator("#f-alternate-name")).toHaveValue("Chez Alice");

  const reader = await phone({ javaScriptEnabled: false });
  const read = await reader.page("/");
  await expect(async () => {
    await read.goto(`${relay.origin}/${guide}/fr/place/${id}`);
    await expect(read.getByRole("main")).toContainText("Chez Alice", { timeout: 500 });
  }).toPass({ timeout: 20_000 });
});

test("a member's browser of before 2022 shares what was edited", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const someone = await phone();
  await someone.context.addInitScript(() => Reflect.deleteProperty(AbortSignal, "timeout"));
  relay.rewritten.set("/assets/worker-", (script) => `Reflect.deleteProperty(AbortSignal, "timeout");\n${script}`);
  try {
    const page = await join(someone, guide, "editor", "Olga");
    await open(page, guide, "place", id);
    await page.locator("#f-alternate-name").fill("Chez Olga");
    await save(page);
    await shared(page);
  } finally {
    relay.rewritten.clear();
  }
});

test("two members apart: other fields and the same prose merge, the same fact is asked about", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 1);
  const [alice, bob] = [await phone(), await phone()];
  const a = await join(alice, guide, "editor", "Alice");
  const b = await join(bob, guide, "editor", "Bob");
  for (const page of [a, b]) {
    await open(page, guide, "place", id);
    await keptForMembers(page);
  }
  const prose = a.locator("#f-description-fr-text");
  await prose.fill("Accueil du matin. Café.");
  await save(a);
  await shared(a);
  await expect(b.locator("#f-description-fr-text")).toHaveValue("Accueil du matin. Café.", { timeout: 30_000 });

  await relay.kill();
  await a.locator("#f-alternate-name").fill("Le nom d’Alice");
  await prose.fill("Bienvenue ! Accueil du matin. Café.");
  await save(a);
  await b.locator("#f-alternate-name").fill("Le nom de Bob");
  await b.locator("#f-description-fr-text").fill("Accueil du matin. Café. Et du thé.");
  await section(b, "how");
  await b.locator("#f-email").fill("bonjour@example.org");
  await save(b);
  await relay.up();
  for (const page of [a, b]) await hearNetwork(page);

  const both = "Bienvenue ! Accueil du matin. Café. Et du thé.";
  await expect(prose).toHaveValue(both, { timeout: 30_000 });
  await section(b, "what");
  await expect(b.locator("#f-description-fr-text")).toHaveValue(both, { timeout: 30_000 });
  await section(a, "how");
  await expect(a.locator("#f-email")).toHaveValue("bonjour@example.org");

  // The same fact twice: both values with who and when; one tap settles it for everyone.
  for (const page of [a, b]) {
    const conflict = page.locator(".conflict");
    await expect(conflict).toHaveCount(1, { timeout: 30_000 });
    await expect(conflict).toContainText("Le nom d’Alice");
    await expect(conflict).toContainText("Le nom de Bob");
  }
  await expect(a.locator(".conflict")).toContainText("Bob");
  await a.locator(".candidate", { hasText: "Le nom de Bob" }).getByRole("button").click();
  await expect(a.locator(".conflict")).toHaveCount(0);
  await expect(b.locator(".conflict")).toHaveCount(0, { timeout: 30_000 });
  await expect(b.locator("#f-alternate-name")).toHaveValue("Le nom de Bob");
});

test("what the relay refuses stays as a draft with the reason", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await join(await phone(), guide, "editor", "Carole");
  // Settings are for stewards: the relay refuses an editor's change of them.
  await open(page, guide, "guide", settings(guide));
  await page.locator("#f-territory").fill("Ailleurs");
  await page.locator("#save").click();
  await expect(page.locator(".desk-heading")).toContainText("Refusé", { timeout: 30_000 });
  await page.reload();
  await page.goto(`${relay.origin}/${guide}/fr/edit/outbox`);
  const draft = page.locator(".refused-batch");
  await expect(draft).toContainText("Votre rôle ne permet pas de modifier ceci");
  await draft.getByText(/modification/).first().click();
  await expect(draft).toContainText("Ailleurs");
  await draft.getByRole("button", { name: "Abandonner" }).click();
  await draft.getByRole("button", { name: "Oui, abandonner" }).click();
  await expect(draft).toHaveCount(0);
});

test("two tabs of one phone lose nothing of each other", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 2);
  const dora = await phone();
  const one = await join(dora, guide, "editor", "Dora");
  await open(one, guide, "place", id);
  const two = await dora.context.newPage();
  await two.goto(one.url());
  await expect(two.locator("#f-name")).not.toHaveValue("");
  await keptForMembers(two);
  await relay.kill();
  await one.locator("#f-alternate-name").fill("Premier onglet");
  await section(two, "how");
  await two.locator("#f-email").fill("onglet@example.org");
  await Promise.all([save(one), save(two)]);
  await section(two, "what");
  await expect(two.locator("#f-alternate-name")).toHaveValue("Premier onglet");
  await section(one, "how");
  await expect(one.locator("#f-email")).toHaveValue("onglet@example.org");
  await relay.up();
  await shared(one);
  await shared(two);
});

test("an answer that is lost is no edit lost, and none done twice", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 3);
  const page = await join(await phone(), guide, "editor", "Éva");
  await open(page, guide, "place", id);
  let lost = 0;
  relay.loseAnswer = (request) => request.method === "POST" && lost++ < 2;
  await page.locator("#f-alternate-name").fill("Deux fois envoyé");
  await save(page);
  await shared(page);
  relay.loseAnswer = () => false;
  expect(lost).toBeGreaterThan(1);
});

for (const how of ["at once", "at the end"] as const) {
  test(`a phone without room says so and keeps what was typed: refused ${how}`, async ({ phone, relay }) => {
    const { guide, id } = await somePlace(relay, 4);
    const words = `Plus de place, ${how}`;
    fillable(relay);
    const page = await join(await phone(), guide, "editor", "Fanny");
    await open(page, guide, "place", id);
    await keptForMembers(page);
    await room(page, how);
    await page.locator("#f-alternate-name").fill(words);
    await page.locator("#save").click();
    await expect(page.getByRole("alert").filter({ hasText: "Ce téléphone n’a plus de place." })).toBeVisible();
    await expect(page.locator("#f-alternate-name")).toHaveValue(words);
    await room(page, "enough");
    await save(page);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await page.reload();
    await expect(page.locator("#f-alternate-name")).toHaveValue(words);
  });
}

test("a newer version waits for the person and never takes an open form away", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 5);
  const page = await join(await phone(), guide, "editor", "Gaëlle");
  await open(page, guide, "place", id);
  await keptForMembers(page);
  await page.locator("#f-alternate-name").fill("À moitié écrit");
  relay.offerNewerBuild();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  const bar = page.getByRole("button", { name: "L’utiliser maintenant" });
  await expect(bar).toBeVisible();
  await expect(page.locator("#f-alternate-name")).toHaveValue("À moitié écrit");
  await save(page);
  const reloaded = page.waitForEvent("load");
  await bar.click();
  await rest(page);
  await reloaded;
  await expect(page.locator("#f-alternate-name")).toHaveValue("À moitié écrit");
  await expect(bar).toHaveCount(0);
});

test("a name typed before the language is chosen is the name one joins by", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).context.newPage();
  await page.goto(await relay.invite(guide, "editor"));
  await page.locator("#pseudonym").fill("Hawa");
  await page.getByRole("button", { name: "English" }).click();
  await expect(page.locator(".desk.join")).toHaveAttribute("lang", "en");
  await expect(page.locator("#pseudonym")).toHaveValue("Hawa");
  await page.locator("#join").click();
  await page.locator(".join a.button.primary").click();
  await expect(page).toHaveURL(/\/en\/edit$/);
});

test("a newer version is used at a tap on the very page of the first visit", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/`);
  await kept(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  relay.offerNewerBuild();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  const bar = page.getByRole("button", { name: "L’utiliser maintenant" });
  await expect(bar).toBeVisible();
  const reloaded = page.waitForEvent("load");
  await bar.click();
  await rest(page);
  await reloaded;
  await live(page);
  await expect(bar).toHaveCount(0);
});

test("what the relay alone can answer does not pass by the service worker, which could not rest for it", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/`);
  await kept(page);
  const [worker] = page.context().serviceWorkers();
  await worker.evaluate(() => {
    const passed: string[] = [];
    self.addEventListener("fetch", ({ request }: any) => passed.push(new URL(request.url).pathname));
    Object.assign(self, { passed });
  });
  await page.evaluate(async () => {
    for (const address of ["/api/guides", "/healthz"]) await fetch(address);
  });
  expect(await worker.evaluate(() => (self as any).passed)).toEqual(["/healthz"]);
});

test("a place is made, copied, checked and taken out of the guide", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await join(await phone(), guide, "editor", "Hana");
  await page.goto(`${relay.origin}/${guide}/fr/edit/new/place`);
  await page.locator("#f-name").fill("Local d’essai");
  await page.locator("#save").click();
  await expect(page).toHaveURL(/\/edit\/place\/[0-9a-f]{32}$/);
  await expect(page.locator("h1")).toHaveText("Local d’essai");
  await page.getByRole("button", { name: "Toujours exact aujourd’hui" }).click();
  await page.getByRole("button", { name: "J’y suis allé·e" }).click();
  // The save before may be all that it speaks of while this one is under way.
  await expect(page.locator(".desk-bar .good")).toBeVisible();
  await page.getByRole("button", { name: "Retirer du guide" }).click();
  await expect(page.getByRole("button", { name: "Remettre dans le guide" })).toBeVisible();
});
