// Two tabs of one phone on one guide: what they do is drawn from a seed, each act waits for what is
// said of it, some acts of both begin together. In the end both tabs and the relay say the same, and
// all that was said to be saved reached the relay once. SOCLE_INTERLEAVINGS says how many, SOCLE_SEED
// which one is the first: SOCLE_INTERLEAVINGS=1 repeats one that failed.
import type { Worker } from "@playwright/test";
import { Chance, number, seed } from "../chance.ts";
import { join, keptForMembers, online, open, settings, somePlace } from "../members.ts";
import { batches, expectSound, rows } from "../shelf.ts";
import { expect, test, type Page } from "../socle.ts";
import { Witness } from "../witness.ts";
import type { Relay } from "../relay.ts";

const INTERLEAVINGS = number("SOCLE_INTERLEAVINGS", 5);
/** Interleavings about one place; then another. */
const ON_ONE_PLACE = 10;
const ACTS_MAX = 6;
/** Saves that begin together begin this far apart: a save takes some 20 ms in the replica. */
const MS_APART_MAX = 20;
const NAME = "#f-alternate-name";
const ORGANIZATION = "#f-organization-name";
const WORDS = "#f-description-fr-text";

type Both = readonly [Page, Page];

test("two tabs interleaved lose nothing and agree", async ({ phone, relay }) => {
  test.setTimeout(60_000 + INTERLEAVINGS * 15_000);
  const first = seed();
  console.log(`SOCLE_SEED=${first} SOCLE_INTERLEAVINGS=${INTERLEAVINGS}`);
  const { guide } = await somePlace(relay);
  const witness = await Witness.join(relay, guide);
  gated(relay);
  const mona = await phone();
  const one = await join(mona, guide, "editor", "Mona");
  const two = await mona.context.newPage();
  await two.goto(one.url());
  const tabs: Both = [one, two];
  // Asked before unsaved words are left: they are remembered for the tab.
  for (const tab of tabs) tab.on("dialog", (dialog) => dialog.accept());
  await keptForMembers(one);

  const done = new Map<string, number>();
  for (let at = 0; at < INTERLEAVINGS; at++) {
    if (at % ON_ONE_PLACE === 0) {
      const { id } = await somePlace(relay, (at / ON_ONE_PLACE) % 20);
      for (const tab of tabs) await open(tab, guide, "place", id);
    }
    const story = new Story(first + at, guide, tabs);
    await test.step(`SOCLE_SEED=${first + at}`, async () => {
      await story.tell();
      await agree(story, witness);
    });
    for (const act of story.acts) done.set(act, (done.get(act) ?? 0) + 1);
  }
  console.log(`${INTERLEAVINGS} interleavings: ${[...done].map(([act, times]) => `${times} ${act}`).join(", ")}`);
});

class Story {
  private readonly chance: Chance;
  private readonly record: string;
  private marks = 0;
  private network = true;
  readonly acts: string[] = [];
  /** What the phone said that it saved. */
  readonly said: string[] = [];
  /** What was thrown away, or is not for this member to change. */
  readonly dropped: string[] = [];

  constructor(
    private readonly seed: number,
    readonly guide: string,
    readonly tabs: Both,
  ) {
    this.chance = new Chance(seed);
    this.record = new URL(tabs[0].url()).pathname;
  }

  get id(): string {
    return this.record.split("/").pop()!;
  }

  async tell(): Promise<void> {
    const acts = [this.change, this.change, this.apart, this.apart, this.same, this.under, this.recall, this.make, this.reload, this.toggle, this.toggle, this.exchange, this.refuse];
    for (let act = 1 + this.chance.below(ACTS_MAX); act > 0; act--) {
      const act = this.chance.one(acts);
      this.acts.push(act.name);
      await act.call(this);
    }
    await online(this.tabs[0]);
    await online(this.tabs[1]);
    await this.discard();
  }

  /** Words that are no part of others, also where a change has its values one after another. */
  private mark(): string {
    return `<${this.seed} ${this.marks++}>`;
  }

  private tab(): Page {
    return this.chance.one(this.tabs);
  }

  private async save(tab: Page, ...words: string[]): Promise<void> {
    await tab.locator("#save").click();
    await expect(tab.locator(".desk-bar .good")).toBeVisible();
    this.said.push(...words);
  }

  private async change(): Promise<void> {
    const [tab, words] = [this.tab(), this.mark()];
    await tab.locator(this.chance.one([NAME, ORGANIZATION])).fill(words);
    await tab.locator(WORDS).fill(`Ouvert. ${words}`);
    await this.save(tab, words);
  }

  /** Other fields at one moment. */
  private async apart(): Promise<void> {
    await this.atOnce(NAME, ORGANIZATION);
  }

  /** The same field at one moment. */
  private async same(): Promise<void> {
    const field = this.chance.one([NAME, ORGANIZATION]);
    await this.atOnce(field, field);
  }

  private async atOnce(...fields: [string, string]): Promise<void> {
    const words = [this.mark(), this.mark()];
    await Promise.all(this.tabs.map((tab, at) => tab.locator(fields[at]).fill(words[at])));
    for (const [at, tab] of this.tabs.entries()) await replica(tab).evaluate((at) => (self as any).testClose(at), at);
    for (const tab of this.tabs) await tab.locator("#save").click();
    for (const tab of this.tabs) await expect.poll(() => replica(tab).evaluate(() => (self as any).testHeld())).toBe(true);
    const after = this.tabs.map(() => this.chance.below(MS_APART_MAX));
    await this.tabs[0].evaluate((after) => {
      const gate = new BroadcastChannel("test-gate");
      gate.postMessage(after);
      gate.close();
    }, after);
    for (const tab of this.tabs) await expect(tab.locator(".desk-bar .good")).toBeVisible();
    this.said.push(...words);
  }

  /** One tab saves below what the other has typed. */
  private async under(): Promise<void> {
    const [above, below] = this.chance.below(2) === 0 ? this.tabs : [this.tabs[1], this.tabs[0]];
    const [typed, words] = [this.mark(), this.mark()];
    await above.locator(NAME).fill(typed);
    const field = this.chance.one([NAME, ORGANIZATION]);
    await below.locator(field).fill(words);
    await this.save(below, words);
    await expect(above.locator(NAME)).toHaveValue(typed);
    await this.save(above, typed);
  }

  /** What was typed and not saved is there after a reload, to be saved or thrown away. */
  private async recall(): Promise<void> {
    const [tab, words] = [this.tab(), this.mark()];
    await tab.locator(NAME).fill(words);
    await tab.reload();
    await expect(tab.locator(NAME)).toHaveValue(words);
    if (this.chance.below(2) === 0) return this.save(tab, words);
    await tab.getByRole("button", { name: "Les abandonner" }).click();
    await expect(tab.locator(NAME)).not.toHaveValue(words);
    this.dropped.push(words);
  }

  private async make(): Promise<void> {
    const [tab, words] = [this.tab(), this.mark()];
    await go(tab, `/${this.guide}/fr/edit/new/place`);
    await expect(tab.locator("h1")).toHaveText("Nouveau lieu");
    await tab.locator("#f-name").fill(words);
    await tab.locator("#save").click();
    await expect(tab).toHaveURL(/\/edit\/place\/[0-9a-f]{32}$/);
    this.said.push(words);
    await this.back(tab);
  }

  private async reload(): Promise<void> {
    const tab = this.tab();
    await tab.reload();
    await expect(tab.locator(".desk-form")).toBeVisible();
  }

  private async toggle(): Promise<void> {
    this.network = !this.network;
    await this.tabs[0].context().setOffline(!this.network);
    if (this.network) await online(this.tab());
  }

  private async exchange(): Promise<void> {
    if (this.network) await Promise.all(this.tabs.map(online));
  }

  /** Settings are not for editors: the relay refuses them. Meanwhile the other tab goes on. */
  private async refuse(): Promise<void> {
    const at = this.chance.below(2);
    const [tab, other, words] = [this.tabs[at], this.tabs[1 - at], this.mark()];
    await go(tab, `/${this.guide}/fr/edit/guide/${settings(this.guide)}`);
    await tab.locator("#f-territory").fill(words);
    await other.locator(NAME).fill(this.mark());
    await Promise.all([tab.locator("#save").click(), this.save(other, await other.locator(NAME).inputValue())]);
    await expect(tab.locator("#save")).toBeDisabled();
    this.dropped.push(words);
    await this.back(tab);
  }

  /** Throws away what was refused, in both tabs at once. */
  private async discard(): Promise<void> {
    if (!this.acts.includes("refuse")) return;
    for (const tab of this.tabs) {
      await go(tab, `/${this.guide}/fr/edit/outbox`);
      await expect(tab.locator(".waiting-batch")).toHaveCount(0, { timeout: 30_000 });
    }
    await expect.poll(async () => batches(await rows(this.tabs[0]), "outbox").length, { timeout: 30_000 }).toBe(0);
    const refused = batches(await rows(this.tabs[0]), "drafts").length;
    expect(refused, "what was refused is a draft").toBeGreaterThan(0);
    for (const tab of this.tabs) await expect(tab.locator(".refused-batch")).toHaveCount(refused);
    for (let left = refused; left > 0; left--) {
      for (const tab of this.tabs) await tab.getByRole("button", { name: "Abandonner", exact: true }).first().click();
      // Whoever is second finds its button gone, or is told that there is nothing any more.
      await Promise.all(this.tabs.map((tab) => tab.evaluate(() => document.querySelector<HTMLElement>(".refused-batch button.danger")?.click())));
      for (const tab of this.tabs) await expect(tab.locator(".refused-batch")).toHaveCount(left - 1);
    }
    for (const tab of this.tabs) await this.back(tab);
  }

  private async back(tab: Page): Promise<void> {
    await go(tab, this.record);
    await expect(tab).toHaveURL(new RegExp(`${this.record}$`));
    await expect(tab.locator(NAME)).toBeVisible();
  }
}

/** From now on what a page asks of its replica can be held back, and let through in both tabs together. */
function gated(relay: Relay): void {
  const prefix = `{
    const gate = new BroadcastChannel("test-gate");
    const held = [];
    let closed = false;
    const hearing = (hear) => addEventListener("message", (event) => (closed ? held.push([event.data, () => hear(event)]) : hear(event)));
    Object.defineProperty(self, "onmessage", { set: hearing });
    self.testHeld = () => held.some(([asked]) => asked.includes('"save"'));
    self.testClose = (tab) => {
      closed = true;
      gate.onmessage = ({ data: after }) => setTimeout(() => {
        closed = false;
        for (const [, tell] of held.splice(0)) tell();
      }, after[tab]);
    };
  }\n`;
  relay.rewritten.set("/assets/worker-", (script) => prefix + script);
}

/** The worker that holds a tab's copy. */
function replica(tab: Page): Worker {
  return tab.workers()[0];
}

/** Both tabs and the relay say the same, and each saved word is in one change. */
async function agree({ tabs, id, said, dropped, acts }: Story, witness: Witness): Promise<void> {
  for (const tab of tabs) {
    await expect(tab.locator(".desk-state .attention")).toHaveCount(0, { timeout: 30_000 });
    await expect(tab.locator(".desk-heading")).toContainText("Partagé avec le collectif");
  }
  await witness.hear();
  for (const words of said) expect(witness.with(words), `${words} was saved (${acts})`).toHaveLength(1);
  for (const words of dropped) expect(witness.with(words), `${words} was not (${acts})`).toHaveLength(0);
  const tree = await witness.tree(id);
  for (const tab of tabs) {
    await expect(tab.locator(NAME)).toHaveValue(tree.alternate_name ?? "");
    await expect(tab.locator(ORGANIZATION)).toHaveValue(tree.organization?.name ?? "");
    await expect(tab.locator(WORDS)).toHaveValue(tree.description?.fr?.text ?? "");
    await expect(tab.locator(".conflict")).toHaveCount(0);
  }
  const kept = await rows(tabs[0]);
  expectSound(kept);
  for (const table of ["outbox", "drafts"] as const) expect(batches(kept, table)).toEqual([]);
}

/** As by a link on the page: the app goes there by itself. */
async function go(tab: Page, href: string): Promise<void> {
  await tab.evaluate((href) => {
    const link = document.body.appendChild(Object.assign(document.createElement("a"), { href }));
    link.click();
    link.remove();
  }, href);
}
