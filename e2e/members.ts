// What members do, as the tests do it: join, open a record, write, save.
import { createHash } from "node:crypto";
import { expect, until, type Page, type Phone } from "./socle.ts";
import type { Relay } from "./relay.ts";

/** The relay's first guide and one of its places, as readers see them. */
export async function somePlace(relay: Relay, at = 0): Promise<{ guide: string; id: string; name: string }> {
  const [{ id: guide }] = (await (await fetch(`${relay.origin}/api/guides`)).json()) as { id: string }[];
  const [id, entry] = (await entries(relay, guide, "fr")).filter(([, entry]) => entry.place)[at];
  return { guide, id, name: entry.place!.name };
}

export type Entry = { place?: { name: string; hours?: object }; page?: object; notice?: object };

/** What is published of a guide in one language. */
export async function entries(relay: Relay, guide: string, language: string): Promise<[string, Entry][]> {
  const answer = await (await fetch(`${relay.origin}/api/guides/${guide}/editions/${language}`)).json();
  return Object.entries(answer.whole.entries as Record<string, Entry>);
}

const borne = new WeakMap<Relay, string[]>();

/** The name, with a number from the second time on: a relay outlives a test, and nobody bears the name of another. */
function free(relay: Relay, name: string): string {
  const names = borne.get(relay) ?? [];
  borne.set(relay, [...names, name]);
  const before = names.filter((known) => known === name).length;
  return before > 0 ? `${name} ${before + 1}` : name;
}

/** Opens an invite on a phone and joins; ends on the list with the guide's records. */
export async function join(phone: Phone, guide: string, role: string, name: string): Promise<Page> {
  const link = await phone.relay.invite(guide, role);
  const page = await phone.context.newPage();
  await page.goto(link);
  await page.getByRole("button", { name: "Français" }).click();
  await page.getByLabel("Un nom pour vous dans le collectif").fill(free(phone.relay, name));
  await page.getByRole("button", { name: "Rejoindre" }).click();
  await page.getByRole("link", { name: "Aller aux fiches" }).click();
  await expect(page).toHaveURL(new RegExp(`/${guide}/fr/edit$`));
  await expect(page.locator('a[href*="/edit/place/"]').first()).toBeVisible();
  return page;
}

export async function open(page: Page, guide: string, kind: string, record: string): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/${guide}/fr/edit/${kind}/${record}`);
  await expect(page.locator(".desk-form")).toBeVisible();
}

export async function section(page: Page, name: string): Promise<void> {
  const button = page.locator(`#section-${name} button`);
  if ((await button.getAttribute("aria-expanded")) !== "true") await button.click();
}

export async function save(page: Page): Promise<void> {
  await page.locator("#save").click();
  await expect(page.locator(".desk-bar")).toContainText(/Enregistré (sur ce téléphone|et partagé)/);
}

/** Tells the replica that the network is back, and waits until everything is shared. */
export async function shared(page: Page): Promise<void> {
  await hearNetwork(page);
  await expect(page.locator(".desk-heading")).toContainText("Partagé avec le collectif", { timeout: 30_000 });
}

/** The network is there, and the replica hears of it, which emulation tells pages alone. */
export async function online(page: Page): Promise<void> {
  await page.context().setOffline(false);
  await hearNetwork(page);
}

/** The replica hears that the network is back, as a phone says it: in its worker. */
export async function hearNetwork(page: Page): Promise<void> {
  await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.dispatchEvent(new Event("online")))));
}

/** Waits until members' pages start with no network. */
export async function keptForMembers(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready);
  const parts = ["/shell", "/locale-fr-", "/replica-", "/worker-"];
  const kept = async (parts: string[]) => {
    const names = (await (await caches.open("socle-files")).keys()).map((request) => new URL(request.url).pathname);
    return parts.every((part) => names.some((name) => name.includes(part)));
  };
  await until(page, kept, parts);
}

/** The record of the guide's own settings. */
export function settings(guide: string): string {
  return createHash("sha256").update("socle-guide").update(guide).digest("hex").slice(0, 32);
}

/** How a phone's storage behaves: it refuses a write at once, undoes it at the end, or has room. */
export type Room = "enough" | "at once" | "at the end";

/**
 * From now on, phones that open the guide have a replica whose storage can be filled with [`room`]:
 * browsers let nobody set how much there is.
 */
export function fillable(relay: Relay): void {
  const prefix = `{
    const put = IDBObjectStore.prototype.put;
    const full = () => new DOMException("", "QuotaExceededError");
    const channel = new BroadcastChannel("test-room");
    let room = "enough";
    let writes = 0;
    channel.onmessage = ({ data }) => {
      if (!data.room) return;
      ({ room, writes } = data);
      channel.postMessage({ heard: room });
    };
    IDBObjectStore.prototype.put = function (...values) {
      if (room !== "enough" && writes-- > 0) return put.apply(this, values);
      if (room === "at once") throw full();
      const { transaction } = this;
      if (room === "at the end") {
        Object.defineProperty(transaction, "error", { get: full, configurable: true });
        queueMicrotask(() => { try { transaction.abort(); } catch {} });
      }
      return put.apply(this, values);
    };
  }\n`;
  relay.rewritten.set("/assets/worker-", (script) => prefix + script);
}

/** Behaves so once so many more writes were done. */
export async function room(page: Page, room: Room, writes = 0): Promise<void> {
  await page.evaluate(
    ({ room, writes }) =>
      new Promise<void>((resolve) => {
        const channel = new BroadcastChannel("test-room");
        channel.onmessage = ({ data }) => {
          if (data.heard !== room) return;
          channel.close();
          resolve();
        };
        channel.postMessage({ room, writes });
      }),
    { room, writes },
  );
}
