// A second pair of eyes: what a contributor changes waits, an editor reads the difference, publishes
// it or sends it back; any earlier state comes back by a tap; a steward undoes what one device did.
import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "../socle.ts";
import { entries, join, open, save, section, settings, shared, somePlace } from "../members.ts";
import type { Relay } from "../relay.ts";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * WCAG 2.2 AA in French and Arabic, on a phone, without scrolling sideways, of the page whose address
 * ends so, once it shows what it is for. A tap is painted before its page is: the address comes later.
 */
async function accessible(page: Page, path: string, shows: string): Promise<void> {
  await expect(page).toHaveURL((url) => url.pathname.endsWith(`/fr/edit/${path}`));
  const address = page.url();
  for (const language of ["fr", "ar"]) {
    await page.goto(address.replace("/fr/", `/${language}/`));
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    await expect(page.locator(shows).first()).toBeVisible();
    await page.setViewportSize({ width: 360, height: 8000 });
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`), page.url()).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 360, height: 640 });
  }
  await page.goto(address);
}

/** Waits until readers see a place under this name. */
async function published(relay: Relay, guide: string, id: string, name: string): Promise<void> {
  await expect.poll(async () => (await entries(relay, guide, "fr")).find(([record]) => record === id)?.[1].place?.name, { timeout: 20_000 }).toBe(name);
}

async function setting(page: Page, guide: string, set: (page: Page) => Promise<void>): Promise<void> {
  await open(page, guide, "guide", settings(guide));
  await section(page, "rules");
  await set(page);
  await save(page);
  await shared(page);
}

const go = (page: Page, guide: string, path: string) => page.goto(`${new URL(page.url()).origin}/${guide}/fr/edit/${path}`);

/** There are two weeks to compare only where there was one before. */
async function placeWithHours(relay: Relay): Promise<{ guide: string; id: string; name: string }> {
  const { guide } = await somePlace(relay);
  const [id, entry] = (await entries(relay, guide, "fr")).find(([, { place }]) => place?.hours)!;
  return { guide, id, name: entry.place!.name };
}

test("a contributor's change is read over, published or sent back", async ({ phone, relay }) => {
  const { guide, id, name } = await placeWithHours(relay);
  const steward = await join(await phone(), guide, "steward", "Sam");
  await setting(steward, guide, (page) => page.locator("#f-policy").getByText("sont relues d’abord").click());

  const ben = await join(await phone(), guide, "contributor", "Ben");
  await open(ben, guide, "place", id);
  await ben.locator("#f-name").fill("Chez Ben");
  await section(ben, "when");
  const byHand = ben.getByRole("button", { name: "L’écrire à la main" });
  await expect(byHand.or(ben.locator("#f-opening-hours-raw")).first()).toBeVisible();
  if (await byHand.isVisible()) await byHand.click();
  await ben.locator("#f-opening-hours-raw").fill("Mo-We 09:00-12:00; Sa 10:00-18:00");
  await save(ben);
  await shared(ben);
  await ben.reload();
  await expect(ben.locator(".desk-note-waits")).toContainText("Ben");
  await go(ben, guide, "review");
  await ben.locator(".records a").click();
  await expect(ben.getByText("Ceci attend une relecture.")).toBeVisible();
  await expect(ben.getByRole("button", { name: "Publier ceci" })).toHaveCount(0);

  // The editor sees that something waits, and exactly what.
  const ana = await join(await phone(), guide, "editor", "Ana");
  await expect(ana.locator(".desk-state")).toContainText("1 à relire");
  await ana.getByRole("link", { name: "1 à relire" }).click();
  await accessible(ana, "review", ".records");
  await ana.locator(".records a").click();
  await expect(ana.locator(".difference ins").first()).toContainText("Chez Ben");
  await expect(ana.locator(".difference del").first()).toBeVisible();
  await expect(ana.locator(".picture")).toHaveCount(2);
  await expect(ana.locator(".picture .differs").first()).toContainText("modifié");
  await accessible(ana, `review/${id}`, ".difference");
  const proposal = ana.url();
  await expect(ana.locator(".difference ins").first()).toContainText("Chez Ben");

  // Somebody writes on meanwhile: what was not seen is not published.
  await open(ben, guide, "place", id);
  await ben.locator("#f-alternate-name").fill("Pas encore vu");
  await save(ben);
  await shared(ben);
  await ana.getByRole("button", { name: "Publier ceci" }).click();
  await expect(ana.getByRole("alert")).toContainText("Quelqu’un a modifié cette fiche");
  await ana.getByRole("button", { name: "Regarder à nouveau" }).click();
  await expect(ana.locator(".difference ins").filter({ hasText: "Pas encore vu" })).toBeVisible();

  await ana.getByRole("button", { name: "Renvoyer" }).click();
  await ana.getByLabel("Pourquoi le renvoyez-vous ?").fill("Le nom n’a pas changé, j’ai appelé.");
  await ana.getByRole("button", { name: "Renvoyer" }).click();
  await expect(ana.getByText("Rien n’attend d’être relu.")).toBeVisible({ timeout: 30_000 });
  await published(relay, guide, id, name);

  // The reason reaches its author, with what was proposed; taken up again and corrected, it is published.
  await go(ben, guide, "outbox");
  await expect(ben.locator(".returned")).toContainText("j’ai appelé");
  await expect(ben.locator(".returned")).toContainText("Ana");
  await accessible(ben, "outbox", ".returned");
  await ben.getByRole("button", { name: "Le reprendre" }).click();
  await expect(ben.locator("#f-name")).toHaveValue("Chez Ben");
  await ben.locator("#f-name").fill("Chez Ben et Ana");
  await save(ben);
  await shared(ben);
  await ana.goto(proposal);
  await expect(ana.locator(".difference ins").filter({ hasText: "Chez Ben et Ana" })).toBeVisible();
  await ana.getByRole("button", { name: "Publier ceci" }).click();
  await expect(ana.getByText("Rien n’attend d’être relu.")).toBeVisible();
  await published(relay, guide, id, "Chez Ben et Ana");

  // Any state that readers saw comes back by one tap, and goes again by another.
  await open(ana, guide, "place", id);
  await ana.getByRole("link", { name: "Historique" }).click();
  await expect(ana.locator(".history-step").first()).toContainText("maintenant");
  await ana.getByRole("button", { name: "Ce qui changerait" }).last().click();
  await expect(ana.locator(".difference ins").first()).toContainText(name.split(" ")[0]);
  await accessible(ana, `history/${id}`, ".steps-of-history");
  await ana.getByRole("button", { name: "Revenir à cet état" }).last().click();
  await expect(ana.getByText("Rétabli et enregistré")).toBeVisible();
  await published(relay, guide, id, name);
  await ana.getByRole("button", { name: "Annuler" }).click();
  await published(relay, guide, id, "Chez Ben et Ana");

  // With no network the pages say so, and the form goes on.
  await setting(steward, guide, (page) => page.locator("#f-policy").getByText("sont publiées aussitôt").click());
  await relay.kill();
  await go(ana, guide, "review").catch(() => {});
  await expect(ana.getByText("Cette page a besoin du réseau.")).toBeVisible({ timeout: 30_000 });
  await relay.up();
});

test("a risky change waits for somebody else, whoever makes it", async ({ phone, relay }) => {
  const { guide, id, name } = await somePlace(relay, 1);
  const sam = await join(await phone(), guide, "steward", "Sam");
  await setting(sam, guide, (page) => page.locator("#f-second-person").getByText("Oui", { exact: true }).click());
  await open(sam, guide, "place", id);
  await section(sam, "where");
  await sam.locator("#f-address-city").fill("Ailleurs");
  await save(sam);
  await shared(sam);
  await go(sam, guide, `review/${id}`);
  await expect(sam.locator(".marks")).toContainText("adresse modifiée");
  await expect(sam.getByText("Quelqu’un d’autre que son auteur·e doit publier ceci.")).toBeVisible();
  await expect(sam.getByRole("button", { name: "Publier ceci" })).toHaveCount(0);
  const ana = await join(await phone(), guide, "editor", "Ana");
  await go(ana, guide, `review/${id}`);
  await ana.getByRole("button", { name: "Publier ceci" }).click();
  await expect(ana.getByText("Rien n’attend d’être relu.")).toBeVisible();
  await expect(ana.locator(".desk-state")).toContainText("À relire");
  await published(relay, guide, id, name);
  await setting(sam, guide, (page) => page.locator("#f-second-person").getByText("Non", { exact: true }).click());
});

test("a steward undoes what one device changed, and nothing else", async ({ phone, relay }) => {
  const [one, two] = [await somePlace(relay, 2), await somePlace(relay, 3)];
  const { guide } = one;
  const mal = await join(await phone(), guide, "editor", "Mal");
  for (const { id } of [one, two]) {
    await open(mal, guide, "place", id);
    await mal.locator("#f-name").fill(`Vandale ${id.slice(0, 4)}`);
    await mal.locator("#f-alternate-name").fill("Rien ne va plus");
    await save(mal);
    await shared(mal);
  }
  const sam = await join(await phone(), guide, "steward", "Sam");
  await open(sam, guide, "place", two.id);
  await sam.locator("#f-alternate-name").fill("Réparé à la main");
  await save(sam);
  await shared(sam);

  await go(sam, guide, "review");
  await sam.getByRole("link", { name: "Annuler les modifications d’un appareil" }).click();
  await accessible(sam, "undo", ".picks");
  await sam.getByRole("button", { name: /^Mal/ }).click();
  await expect(sam.locator(".waiting-batch")).toHaveCount(2);
  await expect(sam.locator(".waiting-batch").filter({ hasText: "Modifié depuis par quelqu’un d’autre" })).toHaveCount(1);
  await sam.getByRole("button", { name: "Annuler ceci dans 2 fiches" }).click();
  await expect(sam.getByText("Annulé dans 2 fiches.")).toBeVisible({ timeout: 30_000 });
  await published(relay, guide, one.id, one.name);
  await published(relay, guide, two.id, two.name);
  await open(sam, guide, "place", two.id);
  await expect(sam.locator("#f-alternate-name")).toHaveValue("Réparé à la main");
});
