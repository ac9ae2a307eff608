// What every test gets: a relay, which outlives it until a test fails, a phone per person, and the promise that no
// page asked anyone else for anything.
import { test as base, expect, type Browser, type BrowserContext, type Locator, type Page } from "@playwright/test";
import { number } from "./chance.ts";
import { Relay } from "./relay.ts";
import { slow } from "./slow.mjs";

export { expect, type Page, type BrowserContext };

/**
 * `SOCLE_CPU_RATE=6` makes every page that much slower: what a test does not wait for shows. Chromium then
 * takes a page that is offline for one with a network, on which the test of the neutral page fails.
 */
const CPU_RATE = number("SOCLE_CPU_RATE", 1);

/** One person's phone: a browser profile that watches its own requests. */
export class Phone {
  private constructor(
    readonly context: BrowserContext,
    readonly relay: Relay,
    private readonly strangers: string[],
    private readonly complaints: string[],
  ) {}

  static async open(browser: Browser, relay: Relay, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Phone> {
    return Phone.around(await browser.newContext(options), relay);
  }

  /** A phone whose profile the test keeps itself. */
  static around(context: BrowserContext, relay: Relay): Phone {
    const strangers: string[] = [];
    const complaints: string[] = [];
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (!["data:", "blob:"].includes(url.protocol) && url.origin !== relay.origin) strangers.push(request.url());
    });
    // Errors of the page, and whatever our content security policy or Trusted Types forbade.
    context.on("weberror", (error) => complaints.push(String(error.error())));
    context.on("console", (message) => {
      if (/Content Security Policy|Trusted Type|panicked/i.test(message.text())) complaints.push(message.text());
    });
    if (CPU_RATE > 1) context.on("page", (page) => void slow(page, CPU_RATE));
    return new Phone(context, relay, strangers, complaints);
  }

  async page(address = "/"): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(this.relay.origin + address);
    return page;
  }

  /** A request to this address was the point of the test. */
  forgive(address: string): void {
    for (let at = this.strangers.length - 1; at >= 0; at--) if (this.strangers[at] === address) this.strangers.splice(at, 1);
  }

  async close(): Promise<void> {
    await this.context.close();
    expect(this.strangers, "requests to another origin").toEqual([]);
    expect(this.complaints, "errors on the page").toEqual([]);
  }
}

/** Waits until the app has taken over the page. */
export async function live(page: Page): Promise<void> {
  await page.locator("#app[data-live]").waitFor({ state: "attached" });
}

/** Waits until the page is there to its end: a tap ends with the first of it. */
export async function whole(page: Page): Promise<void> {
  await page.waitForLoadState("domcontentloaded");
}

/** Waits until the phone can do without the relay: the program is kept, the guide too. */
export async function kept(page: Page): Promise<void> {
  await live(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await until(page, async () => navigator.serviceWorker.controller !== null, null);
  await until(page, programKept, "");
}

/** Waits until the pages that are opened seldom start without the relay, too. */
export async function seldomKept(page: Page): Promise<void> {
  await kept(page);
  await partsKept(page, "seldom|chunk");
}

/**
 * What stands in each element, every kind of space as one. Not `innerText`: cards below the screen are not
 * laid out, and say nothing there.
 */
export async function texts(found: Locator): Promise<string[]> {
  return (await found.allTextContents()).map((text) => text.replace(/\s+/g, " ").trim());
}

/** Keeps the guide by the button for it: the map comes with it. Ends on the page about this copy. */
export async function keepMap(page: Page): Promise<void> {
  await seldomKept(page);
  await page.locator("nav.bottom a[href$='/about']").click();
  await page.locator("main section .actions button").first().click();
  await partsKept(page, "seldom|chunk|map");
}

/** Waits until every part of the program whose name begins so is kept. */
async function partsKept(page: Page, names: string): Promise<void> {
  const kept = async (names: string) => {
    const parts = Object.entries<string>(JSON.parse(document.body.dataset.assets!)).filter(([name]) => new RegExp(`^(${names}).*\\.wasm$`).test(name));
    const files = (await (await caches.open("socle-files")).keys()).map((request) => new URL(request.url).pathname);
    return parts.length > 0 && parts.every(([, path]) => files.includes(path));
  };
  await until(page, kept, names);
}

/** Waits until a page answers yes. `waitForFunction` takes a promise for a yes, whatever comes of it. */
export async function until<A>(page: Page, ask: (about: A) => Promise<boolean>, about: A): Promise<void> {
  await expect.poll(() => page.evaluate(ask as never, about), { intervals: [50], timeout: 60_000 }).toBe(true);
}

/**
 * Lets the service worker that is in use rest. A browser does so by itself once it had nothing to do for half
 * a minute, but not while it is watched, as it is here: a request at the wrong moment would keep it for good,
 * and a newer version or a wipe waits for that.
 */
export async function rest(page: Page): Promise<void> {
  type Version = { versionId: string; status: string; runningStatus: string };
  const session = await page.context().newCDPSession(page);
  const heard = new Promise<Version[]>((resolve) => session.once("ServiceWorker.workerVersionUpdated", ({ versions }) => resolve(versions)));
  await session.send("ServiceWorker.enable");
  const busy = (await heard).filter(({ status, runningStatus }) => status === "activated" && runningStatus !== "stopped");
  for (const { versionId } of busy) await session.send("ServiceWorker.stopWorker", { versionId });
  await session.detach();
}

/** Asked on a page: whether the program and the words of a language, or of any, are kept. */
export async function programKept(language = ""): Promise<boolean> {
  const cache = await caches.open("socle-files");
  const names = (await cache.keys()).map((request) => new URL(request.url).pathname);
  return names.includes("/shell") && names.some((name) => name.includes(`/locale-${language}`));
}

type Fixtures = {
  phone: (options?: Parameters<Browser["newContext"]>[0]) => Promise<Phone>;
};

export const test = base.extend<Fixtures, { relay: Relay }>({
  relay: [
    async ({}, use) => {
      const relay = await Relay.start();
      await use(relay);
      await relay.end();
    },
    { scope: "worker" },
  ],

  phone: async ({ browser, relay }, use) => {
    const open: Phone[] = [];
    await use(async (options = {}) => {
      const phone = await Phone.open(browser, relay, {
        viewport: { width: 360, height: 640 },
        hasTouch: true,
        locale: "fr-FR",
        timezoneId: "Asia/Tokyo",
        ...options,
      });
      open.push(phone);
      return phone;
    });
    for (const phone of open) await phone.close();
  },
});
