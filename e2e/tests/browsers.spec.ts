// The main tour in the engines that Chromium is not: a first visit, a start with no network, a list
// with a filter, a place, search.
import type { Relay } from "../relay.ts";
import { expect, programKept, test as base } from "../socle.ts";
import { Firefox } from "../firefox.ts";
import { WebKit } from "../webkit.ts";
import { leftOut, type Visitor } from "../visitor.ts";

const browsers = [
  ["Firefox", "firefox", (_: Relay) => Firefox.start()],
  ["WebKitGTK", "webkit", (relay: Relay) => WebKit.start(relay)],
] as const;

type Fixtures = { start: (browser: (relay: Relay) => Promise<Visitor>) => Promise<Visitor> };

const test = base.extend<Fixtures>({
  // Ended by the fixture: a test that runs out of time ends nothing any more.
  start: async ({ relay }, use) => {
    const started: Visitor[] = [];
    await use(async (browser) => {
      const visitor = await browser(relay);
      started.push(visitor);
      return visitor;
    });
    for (const visitor of started) await visitor.end();
  },
});

for (const [name, short, browser] of browsers) {
  test(`the main tour in ${name}: one visit, then no network`, async ({ relay, start }) => {
    test.skip(leftOut(short), "left out by SOCLE_E2E_WITHOUT");
    const visitor = await start(browser);
    const tour = new Tour(visitor);
    await tour.firstVisit(relay.origin);
    await relay.kill();
    try {
      await tour.startOffline(relay.origin);
      await tour.list();
      await tour.firstPlace();
      await tour.search(relay.origin);
    } finally {
      await relay.up();
    }
    await visitor.ask(() => void window.dispatchEvent(new Event("online")));
    await until(async () => expect(await tour.text(".state")).not.toContain("Pas de réseau"));
    expect(await visitor.complaints(), "errors on the page").toEqual([]);
  });
}

class Tour {
  private home = "";
  private place = "";

  constructor(private readonly visitor: Visitor) {}

  async firstVisit(origin: string): Promise<void> {
    const { visitor } = this;
    await visitor.open(origin);
    await this.live();
    await visitor.tap("main .links a");
    await until(() => visitor.tap("main a.choice[hreflang=fr]"));
    await until(async () => expect(await this.count("main a.category")).toBeGreaterThan(15));
    expect(await visitor.ask(() => document.documentElement.lang)).toBe("fr");
    await until(async () => expect(await visitor.ask(() => navigator.serviceWorker.controller !== null)).toBe(true));
    await until(async () => expect(await visitor.ask(programKept, "fr")).toBe(true));
    await until(async () => expect(await this.text("main .copy a")).toBe("Ce guide est sur ce téléphone"));
    const asked = await visitor.ask(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin));
    expect([...new Set(asked)], "requests to another origin").toEqual([origin]);
    this.home = await this.path();
  }

  async startOffline(origin: string): Promise<void> {
    await this.visitor.startAnew(origin + this.home);
    await this.live();
    await until(async () => expect(await this.text(".state")).toMatch(/Pas de réseau\. Copie du/));
    expect(await this.count("main a.category")).toBeGreaterThan(15);
  }

  /** A list, and a filter that makes it shorter. */
  async list(): Promise<void> {
    await this.visitor.tap('a.category[href$="/category/food"]');
    await this.headed("Manger");
    const before = await this.count(".card");
    expect(before).toBeGreaterThan(1);
    await this.visitor.tap('nav[aria-label="Affiner"] a[href*="only=no_appointment"]');
    await until(async () => expect(await this.text('nav[aria-label="Affiner"] [aria-current]')).toContain("Sans rendez-vous"));
    expect(new URL(`http://_${await this.path()}`).searchParams.get("only")).toBe("no_appointment");
    const after = await this.count(".card");
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThan(before);
    expect(await this.text("h2.count")).toContain(`${after} lieu`);
  }

  /** The first place of the list: its name and hours. */
  async firstPlace(): Promise<void> {
    this.place = await this.text(".card h3");
    await this.visitor.tap(".card a");
    await this.headed(this.place);
    expect(await this.texts("article.place h2")).toEqual(expect.arrayContaining(["Puis-je y aller ?", "Horaires"]));
    // A week from Monday to Sunday in which something is open.
    expect(await this.text("table.week")).toMatch(/Lundi .*\d.*Dimanche |Lundi .*Dimanche .*\d/);
  }

  /** The same place by a word of its name, written without accents. */
  async search(origin: string): Promise<void> {
    const word = plain(/\p{L}{4,}/u.exec(this.place)![0]);
    await this.visitor.open(origin + this.home);
    await this.live();
    await this.visitor.write("input[type=search]", word);
    await until(async () => expect(await this.path()).toContain(`/search?q=${word}`));
    await until(async () => expect(await this.texts(".card h3")).toContain(this.place));
    expect((await this.texts("mark")).map(plain)).toContain(word);
  }

  async live(): Promise<void> {
    await until(async () => expect(await this.count("#app[data-live]")).toBe(1));
  }

  async headed(title: string): Promise<void> {
    await until(async () => expect(await this.text("h1")).toBe(title));
  }

  async path(): Promise<string> {
    return this.visitor.ask(() => location.pathname + location.search);
  }

  async count(selector: string): Promise<number> {
    return this.visitor.ask((selector) => document.querySelectorAll(selector).length, selector);
  }

  /** What stands in each element, as it is shown, every kind of space as one. */
  async texts(selector: string): Promise<string[]> {
    const shown = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)].map((found) => found.innerText);
    return (await this.visitor.ask(shown, selector)).map((text) => text.replace(/\s+/g, " ").trim());
  }

  async text(selector: string): Promise<string> {
    return (await this.texts(selector))[0] ?? "";
  }
}

function plain(word: string): string {
  return word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Until what is awaited holds; the page may be on its way to another one. */
async function until(holds: () => Promise<void>): Promise<void> {
  await expect(holds).toPass({ timeout: 15_000, intervals: [50] });
}
