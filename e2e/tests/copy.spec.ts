// The phone's own copy: after one visit everything can be read with the relay gone.
import { expect, kept, live, seldomKept, test, type Page } from "../socle.ts";
import { entries, join, open, save, shared, somePlace } from "../members.ts";
import { rows } from "../shelf.ts";

test("one visit is enough to read on with the relay dead", async ({ phone, relay }) => {
  const reader = await phone();
  const page = await reader.page(await home(relay.origin));
  await kept(page);
  const { guide, id } = await somePlace(relay);
  const place = `/${guide}/fr/place/${id}`;
  await relay.kill();
  try {
    await page.reload();
    await live(page);
    await expect(page.getByText(/Pas de réseau\. Copie du/)).toBeVisible();

    // A list, a place, search, the page about this copy: by tapping …
    await page.locator('a[href$="/category/health"]').first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Santé");
    await page.locator('a[href*="/place/"]').first().click();
    await expect(page.getByRole("heading", { name: "Puis-je y aller ?" })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Santé");

    // … and by their addresses, as from a message.
    for (const deep of [place, `${await here(page)}search?q=repas`, `${await here(page)}about`, `${await here(page)}category/legal`]) {
      const other = await reader.context.newPage();
      await other.goto(new URL(deep, relay.origin).href);
      await live(other);
      await expect(other.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(other.getByText("Cette page n’est pas ici")).toHaveCount(0);
      await other.close();
    }

    const search = page.getByRole("searchbox").first();
    await page.goto(new URL(await here(page), relay.origin).href);
    await search.fill("medecin");
    await search.press("Enter");
    await expect(page.locator('a[href*="/place/"]').first()).toBeVisible();
  } finally {
    await relay.up();
  }
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(page.getByText(/Pas de réseau/)).toHaveCount(0);
});

test("with no network, a language that is not on the phone is said to be missing in words that are", async ({ phone, relay }) => {
  const reader = await phone();
  const french = await home(relay.origin);
  await seldomKept(await reader.page(french));
  await relay.kill();
  try {
    const page = await reader.page(french.replace("/fr/", "/ar/"));
    await live(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ce guide n’est pas encore sur ce téléphone");
    const all = page.getByRole("main").getByRole("link", { name: "Tous les guides" });
    await all.click();
    await expect(all).toHaveCount(0);
    await page.getByRole("main").getByRole("link").first().click();
    await page.getByRole("main").getByRole("link", { name: "Français", exact: true }).click();
    await expect(page.locator('a[href$="/category/health"]').first()).toBeVisible();
  } finally {
    await relay.up();
  }
});

test("pages opened seldom start with no network too, or say what they lack", async ({ phone, relay }) => {
  const start = await home(relay.origin);
  const reader = await phone();
  const page = await reader.page(start);
  await seldomKept(page);

  // Another phone's connection saves data: it keeps the guide, and lost those pages.
  const sparing = await phone();
  const lacking = await sparing.page(start);
  await seldomKept(lacking);
  await lacking.evaluate(async () => {
    const cache = await caches.open("socle-files");
    for (const request of await cache.keys()) if (request.url.includes("/seldom-")) await cache.delete(request);
  });
  await sparing.context.route("**/seldom-*", (route) => route.abort());

  await relay.kill();
  try {
    await page.goto(`${relay.origin}${start}about`);
    await live(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cette copie");
    await lacking.goto(`${relay.origin}${start}about`);
    await live(lacking);
    await expect(lacking.getByRole("heading", { level: 1 })).toHaveText("Cette page n’est pas encore sur ce téléphone");
    await lacking.getByRole("link", { name: "Accueil" }).click();
    await expect(lacking.getByRole("searchbox")).toBeVisible();
  } finally {
    await relay.up();
  }
});

/** How much of what was painted has moved since a moment of the page's clock, as the browser counts it. */
async function watchShifts(page: Page) {
  await page.addInitScript(() => {
    const shifts: PerformanceEntry[] = ((globalThis as any).shifts = []);
    new PerformanceObserver((list) => shifts.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
  });
  return (since = 0) =>
    page.evaluate((since) => {
      const shifts = ((globalThis as any).shifts as any[]).filter(({ startTime }) => startTime >= since);
      return shifts.reduce((sum, { value }) => sum + value, 0) as number;
    }, since);
}

/** The page's clock once all of it is read and painted: a browser that is busy paints half a row first. */
async function wholePainted(page: Page): Promise<number> {
  await page.waitForFunction(() => document.readyState !== "loading");
  return page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(() => painted(performance.now())))));
}

test("the app takes over without moving the page", async ({ phone, relay }) => {
  const page = await (await phone()).page();
  const shifted = await watchShifts(page);
  await page.goto(relay.origin + (await home(relay.origin)));
  await page.getByRole("searchbox").first().fill("dou");
  await live(page);
  await expect(page.getByRole("searchbox").first()).toHaveValue("dou");
  expect(await shifted()).toBeLessThan(0.02);
});

// As wide as a cheap phone and as a common one: what comes with the app stands in a row that breaks.
for (const width of [360, 412]) {
  test(`a place painted before the app is there does not move, ${width} wide`, async ({ phone, relay }) => {
    const list = await (await fetch(`${relay.origin}${await home(relay.origin)}category/food`)).text();
    const page = await (await phone()).context.newPage();
    await page.setViewportSize({ width, height: 640 });
    const shifted = await watchShifts(page);
    // Only the page asks for the program, which waits for what is painted without it.
    await page.addInitScript(() => Object.defineProperty(navigator, "serviceWorker", { value: undefined }));
    let painted = () => {};
    const paint = new Promise<void>((resolve) => (painted = resolve));
    await page.route(/\.wasm$/, (route) => paint.then(() => route.continue()));
    await page.goto(relay.origin + /"([^"]*\/place\/[0-9a-f]{32})"/.exec(list)![1], { waitUntil: "commit" });
    const whole = await wholePainted(page);
    const save = page.getByRole("button", { name: "Garder" });
    await expect(save).toHaveCount(0);
    painted();
    await expect(save).toBeVisible();
    expect(await shifted(whole)).toBeLessThan(0.02);
    // Half a row that was painted first may go on in the next one, and no more than that.
    expect(await shifted()).toBeLessThan(0.1);
  });
}

test("a data-saver connection loads nothing heavy unasked", async ({ phone, relay }) => {
  const reader = await phone();
  const sparing = () => Object.defineProperty(navigator, "connection", { value: { saveData: true }, configurable: true });
  await reader.context.addInitScript(sparing);
  const asked: string[] = [];
  reader.context.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const heavy = () => asked.filter((path) => /\.wasm$|^\/assets\/(app|locale)-.*\.js|^\/sw\.js$/.test(path));

  // Reading goes on as pages that the relay sends.
  const page = await reader.page(await home(relay.origin));
  await page.waitForLoadState("networkidle");
  expect(asked.some((path) => path.includes("/boot-"))).toBe(true);
  await page.locator('a[href$="/category/health"]').first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Santé");
  await page.waitForLoadState("networkidle");
  await page.goBack();
  await page.waitForLoadState("networkidle");
  expect(heavy()).toEqual([]);

  // One tap brings the program and the copy, and leads where the link leads.
  await page.locator("[data-keep]").click();
  await live(page);
  await expect(page).toHaveURL(/\/fr\/about$/);
  await expect(page.getByText(/Enregistré sur ce téléphone\s: copie du/)).toBeVisible();
  expect(heavy()).not.toEqual([]);
  await kept(page);

  // From the page about the copy, too, on another phone.
  const other = await phone();
  await other.context.addInitScript(sparing);
  const about = await other.page(`${await home(relay.origin)}about`);
  await expect(about.getByText("il faut JavaScript")).toBeHidden();
  await about.getByRole("link", { name: "Garder ce guide sur mon téléphone" }).click();
  await live(about);
  await expect(about.getByText(/Enregistré sur ce téléphone\s: copie du/)).toBeVisible();
});

test("a newer version that takes over with no network has all that the one before it had", async ({ phone, relay }) => {
  const reader = await phone({ locale: "ar" });
  const page = await reader.page((await home(relay.origin)).replace("/fr/", "/ar/"));
  await seldomKept(page);
  const about = page.url() + "about";
  // What readers load has changed, words too.
  relay.offerNewerBuild(/\/(locale-ar|seldom|chunk_\d+)-/);
  try {
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
    await expect(page.getByRole("button", { name: "استخدمه الآن" })).toBeVisible();
    const taken = new URL(about).origin;
    await page.goto("about:blank");
    await relay.kill();
    // With the last page the old version goes.
    const later = await reader.context.newPage();
    await later.goto(`${taken}${new URL(about).pathname}`);
    await live(later);
    await expect(later.getByRole("heading", { level: 1 })).toHaveText("هذه النسخة");
    await expect(later.locator("html")).toHaveAttribute("dir", "rtl");
    const files = await later.evaluate(async () => (await (await caches.open("socle-files")).keys()).map(({ url }) => new URL(url).pathname));
    expect(files.filter((file) => file.includes("/locale-ar-")), "one build is kept, not two").toHaveLength(1);
  } finally {
    relay.withdrawNewerBuild();
    await relay.up();
  }
});

test("a browser of before 2022 keeps the guide, and asks the network where it should", async ({ phone, relay }) => {
  const reader = await phone();
  await reader.context.addInitScript(() => Reflect.deleteProperty(AbortSignal, "timeout"));
  relay.rewritten.set("/sw.js", (script) => `Reflect.deleteProperty(AbortSignal, "timeout");\n${script}`);
  const asked: string[] = [];
  try {
    const page = await reader.page(await home(relay.origin));
    await kept(page);
    relay.loseAnswer = ({ url }) => (asked.push(url!), false);
    await page.goto(relay.origin);
    await expect(page.getByRole("main").getByRole("link").first()).toBeVisible();
    expect(asked, "the page itself, not the empty one that is kept").toContain("/");
  } finally {
    relay.loseAnswer = () => false;
    relay.rewritten.clear();
  }
});

test("a page that was on its way when the service worker came reads on with no network, too", async ({ phone, relay }) => {
  const start = await home(relay.origin);
  const reader = await phone();
  let arrives = () => {};
  const held = new Promise<void>((resolve) => (arrives = resolve));
  const late = await reader.context.newPage();
  await late.route(relay.origin + start, async (route) => (await held, route.continue()));
  const going = late.goto(relay.origin + start);
  await kept(await reader.page(start));
  arrives();
  await going;
  await seldomKept(late);
  await relay.kill();
  try {
    // A part that this page has not loaded yet: from the phone.
    await late.locator("nav.bottom a[href$='/about']").click();
    await expect(late.getByRole("heading", { level: 1 })).toHaveText("Cette copie");
  } finally {
    await relay.up();
  }
});

test("two tabs that each hear of news keep a copy that can be read", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay, 1);
  const editor = await join(await phone(), guide, "editor", "Nour");
  await open(editor, guide, "place", id);
  const publish = async (name: string) => {
    await editor.locator("#f-alternate-name").fill(name);
    await save(editor);
    await shared(editor);
    await expect.poll(async () => JSON.stringify(await entries(relay, guide, "fr"))).toContain(name);
  };
  const reader = await phone();
  const start = await home(relay.origin);
  const [one, other] = [await reader.page(start), await reader.page(start)];
  for (const tab of [one, other]) await kept(tab);
  const revision = async (tab: Page) => Number(/"revision":(\d+),"epoch"/.exec((await rows(tab))[`editions ${guide} fr`])![1]);
  const hears = async (tab: Page) => {
    const before = await revision(tab);
    await tab.evaluate(() => window.dispatchEvent(new Event("online")));
    await expect.poll(() => revision(tab)).toBeGreaterThan(before);
  };
  await publish("Escale une");
  await hears(other);
  await publish("Escale deux");
  // This tab still reads what there was before both.
  await hears(one);
  await relay.kill();
  try {
    const later = await reader.context.newPage();
    await later.goto(`${relay.origin}${start}place/${id}`);
    await live(later);
    await expect(later.locator("article.place")).toContainText("Escale deux");
  } finally {
    await relay.up();
  }
});

test("what was removed from the phone is not put back by the page that is open", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`${await home(relay.origin)}about`);
  await seldomKept(page);
  await page.getByRole("button", { name: "Retirer ce guide de mon téléphone" }).click();
  await expect(page.getByText("Pas gardé pour de bon")).toBeVisible();
  const asked = page.waitForResponse((response) => response.url().includes(`/api/guides/${guide}/editions/fr`));
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  expect(new URL((await asked).url()).search, "only what changed").toContain("since=");
  await page.locator("nav.bottom a").first().click();
  await expect(page.locator("a.category").first()).toBeVisible();
  expect(Object.keys(await rows(page)).filter((key) => key.startsWith("editions "))).toEqual([]);
});

test("a language that is published no longer is said to be so", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(await home(relay.origin));
  await kept(page);
  await page.route(`**/api/guides/${guide}/editions/fr*`, (route) => route.fulfill({ status: 404 }));
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(page.getByText(/N’est plus publié dans cette langue\. Copie du/)).toBeVisible();
  await page.locator('a[href$="/category/health"]').first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Santé");
  await expect(page.getByText(/N’est plus publié dans cette langue/)).toBeVisible();
  await page.unroute(`**/api/guides/${guide}/editions/fr*`);
  await page.evaluate(() => window.dispatchEvent(new Event("online")));
  await expect(page.getByText(/N’est plus publié dans cette langue/)).toHaveCount(0);
});

test("where no service worker can be, the guide is kept and said to be", async ({ phone, relay }) => {
  const reader = await phone();
  await reader.context.addInitScript(() => Object.defineProperty(Navigator.prototype, "serviceWorker", { value: undefined }));
  const page = await reader.page(`${await home(relay.origin)}about`);
  await live(page);
  await page.getByRole("button", { name: /Garder ce guide|Chercher une copie/ }).click();
  await expect(page.getByText(/Enregistré sur ce téléphone\s: copie du/)).toBeVisible();
  await expect(page.getByRole("progressbar")).toHaveCount(0);
});

test("the language chosen last comes first", async ({ phone, relay }) => {
  const start = await home(relay.origin);
  const reader = await phone();
  const page = await reader.page(start.replace("/fr/", "/ar/"));
  await live(page);
  await page.goto(relay.origin + start.replace("/fr/", ""));
  await live(page);
  await expect(page.getByRole("main").getByRole("link").first()).toHaveText("العربية");
  const other = await (await phone()).page(start.replace("/fr/", ""));
  await live(other);
  await expect(other.getByRole("main").getByRole("link").first()).toHaveText("Français");
});

test("letters that the phone lacks are offered with their size, and kept", async ({ phone, relay }) => {
  const reader = await phone();
  const start = (await home(relay.origin)).replace("/fr/", "/ti/");
  // A phone that draws every letter of the script as the same empty box.
  await reader.context.addInitScript(() => {
    CanvasRenderingContext2D.prototype.fillText = () => {};
  });
  const page = await reader.page(start);
  await kept(page);
  const offer = page.getByRole("button", { name: "Download, 46 kilobytes" });
  await expect(offer).toBeVisible();
  const isThere = () => page.evaluate(() => [...document.fonts].some((face) => face.family.includes("Socle Letters")));
  expect(await isThere()).toBe(false);
  await offer.click();
  await expect(offer).toHaveCount(0);
  expect(await isThere()).toBe(true);

  await relay.kill();
  try {
    await page.reload();
    await live(page);
    await expect.poll(isThere).toBe(true);
    await expect(offer).toHaveCount(0);
  } finally {
    await relay.up();
  }
});

test("a phone that has the letters is offered none", async ({ phone, relay }) => {
  const page = await (await phone()).page((await home(relay.origin)).replace("/fr/", "/ti/"));
  await kept(page);
  await page.waitForFunction(() => performance.getEntriesByType("resource").some((entry) => entry.name.includes("/letters-")));
  await expect(page.locator(".letters-offer")).toHaveCount(0);
});

test("without JavaScript no page offers to keep what it cannot keep", async ({ phone, relay }) => {
  const page = await (await phone({ javaScriptEnabled: false })).page(`${await home(relay.origin)}about`);
  await expect(page.getByText("il faut JavaScript")).toBeVisible();
  await expect(page.getByRole("link", { name: "Garder ce guide sur mon téléphone" })).toBeHidden();
});

test("a browser without storage still reads", async ({ phone, relay }) => {
  const reader = await phone();
  await reader.context.addInitScript(() => {
    Object.defineProperty(globalThis, "indexedDB", { value: undefined, configurable: true });
  });
  const page = await reader.page(await home(relay.origin));
  await live(page);
  await page.locator('a[href$="/category/food"]').first().click();
  await page.locator('a[href*="/place/"]').first().click();
  await expect(page.getByRole("heading", { name: "Puis-je y aller ?" })).toBeVisible();
});

/** The French home of the relay's first guide. */
async function home(origin: string): Promise<string> {
  const guides = (await (await fetch(`${origin}/api/guides`)).json()) as { id: string }[];
  return `/${guides[0].id}/fr/`;
}

async function here(page: import("../socle.ts").Page): Promise<string> {
  const [, guide, language] = new URL(page.url()).pathname.split("/");
  return `/${guide}/${language}/`;
}
