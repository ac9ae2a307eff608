// The phone in someone else's hands: leaving at once, wiping, reading without keeping. What a wiped
// profile still holds is looked for in its files and reported as found.
import { chromium, type BrowserContext } from "@playwright/test";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import config from "../playwright.config.ts";
import { join, open, save, section, shared, somePlace } from "../members.ts";
import { rows } from "../shelf.ts";
import { expect, kept, live, Phone, seldomKept, test, type Page } from "../socle.ts";
import type { Relay } from "../relay.ts";

const NEUTRAL = "https://www.wikipedia.org/";
const SHIFTS = async (page: Page) => {
  for (let time = 0; time < 3; time++) await page.keyboard.press("Shift");
};
const TAP = (page: Page) => page.locator("a.exit:visible").click({ noWaitAfter: true });

/** The neutral page is someone else's: nobody is asked for it here. */
async function neutral(context: BrowserContext): Promise<void> {
  await context.route(`${NEUTRAL}**`, (route) => route.fulfill({ contentType: "text/html", body: "<title>neutral</title>" }));
}

test("every page has the way out under the thumb, apart from its neighbours", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const reader = await phone();
  const member = await join(reader, guide, "steward", "Alice");
  const page = await reader.page("/");
  const read = ["", "search?q=a", "map", "saved", "about", "search/filters", `place/${id}`, `place/${id}/share`, "place/none"];
  const addresses = ["/", `/${guide}`, `/${guide}/ar/phone`, ...read.map((rest) => `/${guide}/fr/${rest}`), "/none/fr/"];
  const edit = ["", `/place/${id}`, "/new/place", "/review", `/review/${id}`, `/history/${id}`, "/undo", "/outbox", "/members"];
  const desk = [...edit.map((rest) => `/${guide}/fr/edit${rest}`), `/${guide}/join`];
  for (const [tab, all] of [[page, addresses], [member, desk]] as const) {
    for (const address of all) {
      await tab.goto(relay.origin + address);
      // What is not there stays as the relay said it.
      if (!address.includes("none")) await live(tab);
      const exit = tab.locator("a.exit:visible");
      await expect(exit, address).toHaveCount(1);
      // Measured in one go: the app may be taking over meanwhile.
      const { box, apart } = await tab.evaluate(() => {
        const rect = (element: Element) => element.getBoundingClientRect().toJSON();
        const box = rect([...document.querySelectorAll("a.exit")].find((exit) => exit.getClientRects().length > 0)!);
        const others = [...document.querySelectorAll("nav.bottom li a")].map(rect);
        return { box, apart: others.map((other) => Math.max(other.left - box.right, box.left - other.right)) };
      });
      expect(box.top, `${address}: in the lower quarter`).toBeGreaterThan(480);
      expect(Math.min(box.width, box.height), `${address}: as large as a finger`).toBeGreaterThanOrEqual(44);
      expect(Math.min(...apart, 360), `${address}: no neighbour within reach of the same finger`).toBeGreaterThanOrEqual(8);
    }
  }
  // Where no app runs, and where it is not there yet.
  const bare = await phone({ javaScriptEnabled: false });
  await expect((await bare.page("/shell")).locator("a.exit")).toHaveAttribute("href", NEUTRAL);
  await expect((await bare.page(`/${guide}/fr/`)).getByRole("link", { name: "Quitter" })).toHaveAttribute("href", NEUTRAL);
});

for (const [how, leave] of [["a tap", TAP], ["Shift three times", SHIFTS]] as const) {
  test(`leaving by ${how} covers the page before its next picture`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const reader = await phone();
    // The network never answers: the page that covers is all that is seen meanwhile.
    await reader.context.route(`${NEUTRAL}**`, () => {});
    // Heard before the page hears it; said at once, for the page is leaving.
    await reader.context.addInitScript(() => {
      let [pictures, before] = [0, 0];
      const count = () => requestAnimationFrame(() => (pictures++, count()));
      count();
      for (const name of ["click", "keydown"]) addEventListener(name, () => (before = pictures), true);
      addEventListener("DOMContentLoaded", () => {
        new MutationObserver(() => console.info(`covered after ${pictures - before} pictures`)).observe(document.body, { attributeFilter: ["hidden"] });
      });
    });
    const page = await reader.page(`/${guide}/fr/category/health`);
    await live(page);
    const said = page.waitForEvent("console", (message) => message.text().startsWith("covered"));
    await leave(page);
    expect((await said).text()).toBe("covered after 0 pictures");
    await expect.poll(() => new URL(page.url()).pathname, "the address is gone, too").toBe("/");
    await page.close();
    reader.forgive(NEUTRAL);
  });
}

test("Shift held down is one time, and what was typed stays", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone();
  await reader.context.route(`${NEUTRAL}**`, () => {});
  const page = await reader.page(`/${guide}/fr/search`);
  await live(page);
  const field = page.locator("#q");
  await field.fill("abri");
  await page.evaluate(() => {
    addEventListener("keydown", ({ repeat }) => (document.body.dataset.keys = `${document.body.dataset.keys ?? ""}${repeat ? "r" : "d"}`));
  });
  for (let time = 0; time < 4; time++) await page.keyboard.down("Shift");
  // Heard after whoever leaves, who covers the page while the key is still being heard.
  await expect(page.locator("body")).toHaveAttribute("data-keys", "drrr");
  await expect(page.locator("body")).toBeVisible();
  await expect(field).toHaveValue("abri");
  await page.keyboard.up("Shift");
  // The same keys one by one do leave.
  const gone = reader.context.waitForEvent("request", (request) => request.url() === NEUTRAL);
  await SHIFTS(page);
  await gone;
  // It may be asked for twice: the key that was held counts, too.
  await page.close();
  reader.forgive(NEUTRAL);
});

test("with no network the neutral page is the browser's own empty one", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone();
  const page = await reader.page(`/${guide}/fr/`);
  await kept(page);
  await reader.context.setOffline(true);
  await page.reload();
  await live(page);
  await TAP(page);
  await page.waitForURL("about:blank");
  await page.goBack();
  expect(new URL(page.url()).pathname, "nothing leads back").not.toContain(guide);
});

test("read without keeping: nothing is stored, and the person can think better of it", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const reader = await phone();
  const page = await reader.page(`/${guide}`);
  await live(page);
  await page.getByText("Lire sans rien garder").click();
  await page.getByRole("button", { name: "Oui, ne rien garder" }).click();
  await page.locator("html[data-script=forgets]").waitFor({ state: "attached" });
  for (const address of [`/${guide}/fr/`, `/${guide}/fr/place/${id}`, `/${guide}/fr/saved`, `/${guide}/fr/map`]) {
    await page.goto(relay.origin + address);
    await live(page);
  }
  // A service worker that was being installed goes when it is done.
  await expect.poll(() => stored(reader.context, relay), { timeout: 60_000 }).toEqual(NOTHING);
  await page.goto(`${relay.origin}/${guide}/fr/phone`);
  await live(page);
  await expect(page.getByText("Rien n’est gardé dans cet onglet.")).toBeVisible();
  await page.getByRole("button", { name: "Garder de nouveau sur ce téléphone" }).click();
  await expect(page.getByText("Rien n’est gardé dans cet onglet.")).toBeHidden();
  await seldomKept(page);
});

test("no cookie and no identifier for readers, and the same tag for everybody", async ({ relay }) => {
  const { guide, id } = await somePlace(relay);
  const addresses = ["/", `/${guide}`, `/${guide}/fr/`, `/${guide}/fr/place/${id}`, `/${guide}/fr/phone`, "/shell", "/sw.js", "/api/guides", `/api/guides/${guide}/editions/fr`, `/${guide}/fr/manifest.webmanifest`];
  for (const address of addresses) {
    const visitors = await Promise.all(["one", "two"].map((agent) => fetch(relay.origin + address, { headers: { "user-agent": agent, cookie: `id=${agent}` } })));
    const said = visitors.map(({ headers }) => Object.fromEntries([...headers].filter(([name]) => name !== "date")));
    expect(said[0], address).not.toHaveProperty("set-cookie");
    expect(said[0], `${address}: both visitors are told the same`).toEqual(said[1]);
  }
});

test("what is kept of a reader holds no identifier", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const keeps = async () => {
    const reader = await phone();
    const page = await reader.page(`/${guide}/fr/`);
    await seldomKept(page);
    // When the guide was fetched is the one thing that differs.
    const kept = Object.entries(await rows(page)).map(([key, row]) => [key, row.replace(/"fetched_at":"[^"]*"/, "")]);
    expect(kept.map(([key]) => key)).toContain(`editions ${guide} fr`);
    return { ...(await stored(reader.context, relay)), kept, contents: await contents(page), cookies: await reader.context.cookies() };
  };
  const [one, other] = [await keeps(), await keeps()];
  expect(Object.keys(one.contents).length).toBeGreaterThan(5);
  expect(other, "two phones keep the same").toEqual(one);
});

/** A digest of every file that is kept. */
async function contents(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const found: Record<string, string> = {};
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const digest = await crypto.subtle.digest("SHA-256", await (await cache.match(request))!.arrayBuffer());
        found[request.url] = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      }
    }
    return found;
  });
}

test("a member's phone is wiped, also with work that waits, and other tabs go", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 1);
  const alice = await phone();
  await neutral(alice.context);
  const form = await join(alice, guide, "editor", "Alice");
  await open(form, guide, "place", id);
  const page = await alice.page(`/${guide}/fr/phone`);
  await seldomKept(page);
  await relay.kill();
  await form.locator("#f-alternate-name").fill("Jamais envoyé");
  await save(form);
  // What a tab remembers is its own: another tab cannot empty it.
  await form.locator("#f-alternate-name").fill("À moitié");
  await expect.poll(() => form.evaluate(() => JSON.stringify(sessionStorage))).toContain("À moitié");
  await page.evaluate(() => {
    for (const storage of [localStorage, sessionStorage]) storage.setItem("left-by-somebody", "1");
  });

  // Said before anything goes, with the way to send it or to keep it as a file.
  await expect(async () => {
    // A newer copy of the guide that arrives just now draws the page anew, with the question closed.
    if (!(await page.locator("details.sure").first().evaluate((details: HTMLDetailsElement) => details.open))) {
      await page.locator("details.sure summary").first().click();
    }
    await page.getByRole("button", { name: "Oui, vider maintenant" }).click({ timeout: 1000 });
  }).toPass();
  await expect(page.getByText("Du travail pas encore envoyé serait perdu.")).toBeVisible();
  await expect(page.getByRole("link", { name: guide })).toHaveAttribute("href", `/${guide}/fr/edit/outbox`);
  await page.getByRole("button", { name: "Vider quand même" }).click();
  await page.waitForURL("about:blank");
  await form.waitForURL("about:blank");
  await relay.up();
  // A service worker that is busy goes when it is done, and puts nothing back until then.
  await expect.poll(() => stored(alice.context, relay), { timeout: 60_000 }).toEqual(NOTHING);
  for (const tab of [page, form]) {
    await tab.goto(`${relay.origin}/healthz`);
    expect(await tab.evaluate(() => ({ ...localStorage, ...sessionStorage })), "of this tab").toEqual({});
  }
});

const CANARIES = {
  pseudonym: "KanariPseudonyme",
  "a note of members alone": "KanariNote",
  "work that was shared": "KanariPartage",
  "work that was not sent": "KanariBrouillon",
  "a folder of saved places": "KanariDossier",
  "what was searched for": "KanariRecherche",
  "one of 1,000 places": "KanariLieu",
};

// What SECURITY.md says to be nowhere after wiping with a network; the rest the browser keeps by itself.
const NOWHERE = ["pseudonym", "work that was shared", "work that was not sent", "a folder of saved places", "one of 1,000 places", "the token"];

for (const network of [true, false]) {
  test(`a wiped profile ${network ? "with" : "without"} a network, 1,000 places: gone, and what its files still hold`, async ({ relay }) => {
    const { guide, id } = await somePlace(relay);
    await thousandPlaces(relay, guide);
    const profile = await mkdtemp(path.join(tmpdir(), "socle-profile-"));
    const start = () => chromium.launchPersistentContext(profile, { ...config.use, ...config.use!.launchOptions } as object);
    try {
      const phone = Phone.around(await start(), relay);
      await neutral(phone.context);
      const page = await join(phone, guide, "editor", CANARIES.pseudonym);
      await expect(page.getByText(/\b1[\s\u202f]?\d{3} fiches/).first()).toBeVisible({ timeout: 60_000 });
      await open(page, guide, "place", id);
      await page.locator("#f-alternate-name").fill(CANARIES["work that was shared"]);
      await section(page, "check");
      await page.locator("#f-internal-note").fill(CANARIES["a note of members alone"]);
      await save(page);
      await shared(page);
      const reading = await phone.page(`/${guide}/fr/place/${id}`);
      await live(reading);
      await reading.locator("article.place button[aria-pressed]").click();
      await reading.locator("nav.bottom").getByRole("link", { name: "Gardés" }).click();
      await reading.locator(".folder input").fill(CANARIES["a folder of saved places"]);
      await reading.locator(".folder button").click();
      await expect(reading.getByRole("heading", { name: CANARIES["a folder of saved places"] })).toBeVisible();
      await reading.goto(`${relay.origin}/${guide}/fr/search?q=${CANARIES["what was searched for"]}`);
      // A second after a page the browser asks for a newer service worker. Cut off from the network by
      // emulation in the middle of that, it may ask for ever, and would let go of none meanwhile.
      let asked = 0;
      relay.loseAnswer = ({ url }) => url === "/sw.js" && ++asked < 0;
      await reading.goto(`${relay.origin}/${guide}/fr/phone`);
      await seldomKept(reading);
      const token = await readToken(page);
      await expect.poll(() => asked, { timeout: 30_000, message: "asked for a newer service worker" }).toBeGreaterThan(0);
      await phone.context.setOffline(!network);
      relay.loseAnswer = ({ method, url }) => method === "POST" && url !== "/api/wiped";
      await section(page, "what");
      await page.locator("#f-alternate-name").fill(CANARIES["work that was not sent"]);
      await save(page);

      const canaries = { ...CANARIES, "the token": token };
      await reading.locator("details.sure summary").first().click();
      await reading.locator("[data-wipe=leave]").click();
      const even = reading.locator("[data-wipe=even]");
      await expect(even).toBeVisible();
      // Looked for from outside: a search that found nothing before would find nothing after. Browsers write
      // their history a while later.
      let before: Residue = new Map();
      const missing = async () => {
        before = await residue(profile, canaries);
        return [...before].filter(([, places]) => places.size === 0).map(([name]) => name);
      };
      await expect.poll(missing, { timeout: 60_000, intervals: [1000], message: "not found before the wipe" }).toEqual([]);
      await even.click({ noWaitAfter: true });
      // On the way there is the start page for a moment.
      await expect.poll(() => reading.url(), { intervals: [20] }).toBe("about:blank");
      await phone.context.setOffline(false);
      // A service worker that was busy goes when it is done; what it served is gone before.
      await expect.poll(() => stored(phone.context, relay), { timeout: 60_000 }).toEqual(NOTHING);
      await phone.close();

      const again = Phone.around(await start(), relay);
      expect(await stored(again.context, relay), "after a restart the browser has nothing of ours").toEqual(NOTHING);
      await again.close();
      const after = await residue(profile, canaries);
      console.log(table(before, after));
      if (network) for (const name of NOWHERE) expect([...after.get(name)!], `${name}, after wiping with a network`).toEqual([]);
    } finally {
      relay.loseAnswer = () => false;
      await rm(profile, { recursive: true, force: true });
    }
  });
}

async function thousandPlaces(relay: Relay, guide: string): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "socle-places-"));
  const places = Array.from({ length: 1000 }, (_, at) => ({ id: at, name: `${CANARIES["one of 1,000 places"]} ${at}`, city: "Grenoble", text: "Accueil de jour, repas, douches. ".repeat(10) }));
  await writeFile(path.join(folder, "places.json"), JSON.stringify(places));
  const field = (column: string, name: string) => `[[field]]\ncolumn = "${column}"\npath = "${name}"\n`;
  const mapping = `scheme = "test"\nid = ["id"]\nlanguage = "fr"\n${field("name", "name")}${field("city", "address.city")}${field("text", "description")}`;
  await writeFile(path.join(folder, "test.toml"), mapping);
  await relay.socle("import", "table", path.join(folder, "places.json"), "--guide", guide, "--mapping", path.join(folder, "test.toml"));
  await rm(folder, { recursive: true });
}

/** The member's read token, as the replica keeps it. */
async function readToken(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open("socle");
      request.onsuccess = () => resolve(request.result);
    });
    const [own] = await new Promise<Uint8Array[]>((resolve) => {
      const request = db.transaction("own").objectStore("own").getAll();
      request.onsuccess = () => resolve(request.result);
    });
    db.close();
    return JSON.parse(new TextDecoder().decode(own)).read_token;
  });
}

type Residue = Map<string, Set<string>>;

/** For each canary, in which parts of the profile its bytes are, in any of the ways that Chromium writes. */
async function residue(profile: string, canaries: Record<string, string>): Promise<Residue> {
  const found: Residue = new Map(Object.keys(canaries).map((name) => [name, new Set()]));
  for (const entry of await readdir(profile, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file).catch(() => Buffer.alloc(0));
    for (const [name, canary] of Object.entries(canaries)) {
      if (!bytes.includes(canary) && !bytes.includes(Buffer.from(canary, "utf16le"))) continue;
      found.get(name)!.add(path.relative(profile, file).split(path.sep).slice(0, -1).filter((part) => !/^[0-9a-f-]{8,}$/.test(part)).slice(0, 3).join("/") + `/${entry.name.replace(/[0-9a-f]{6,}|\d+/g, "…")}`);
    }
  }
  return found;
}

function table(before: Residue, after: Residue): string {
  const rows = [...after].map(([name, places]) => `${name}\n    before: ${[...before.get(name)!].join(", ") || "-"}\n    after:  ${[...places].join(", ") || "-"}`);
  return rows.join("\n");
}

/** What a context holds of the relay's origin, as the browser sees it from a page without scripts. */
async function stored(context: BrowserContext, relay: Relay): Promise<object> {
  const page = await context.newPage();
  await page.goto(`${relay.origin}/healthz`);
  const found = await page.evaluate(async () => {
    const databases = await Promise.all(
      (await indexedDB.databases()).map(async ({ name }) => {
        const db = await new Promise<IDBDatabase>((resolve, reject) => {
          const request = indexedDB.open(name!);
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
        const rows = [...db.objectStoreNames].map((store) => {
          return new Promise<[string, string[]]>((resolve) => {
            const request = db.transaction(store).objectStore(store).getAllKeys();
            request.onsuccess = () => resolve([store, request.result.map(String)]);
          });
        });
        const all = Object.fromEntries(await Promise.all(rows));
        db.close();
        return all;
      }),
    );
    const files = await Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url).sort()));
    const workers = (await navigator.serviceWorker.getRegistrations()).length;
    return { databases, files, workers, local: { ...localStorage }, session: { ...sessionStorage } };
  });
  await page.close();
  return found;
}

const NOTHING = { databases: [], files: [], workers: 0, local: {}, session: {} };
