// The sketch map: links and a list for everyone, fingers and keys where the app runs.
import { expect, keepMap, live, seldomKept, test, texts, whole, type Page } from "../socle.ts";
import { somePlace, type Entry } from "../members.ts";

/** The first place named below the map, as a link. */
const named = (page: Page) => page.locator('main ul.links a[href*="/place/"]');
const heading = (page: Page) => page.locator("#places");
const marks = (page: Page) => page.locator(".sketch svg a");
const control = (page: Page, name: string) => page.locator(".steering").getByRole("link", { name });

/** The view that the address tells. */
function view(page: Page): { zoom: number; centre: number[] } {
  const query = new URL(page.url()).searchParams;
  return { zoom: Number(query.get("zoom")), centre: (query.get("centre") ?? "").split(",").map(Number) };
}

/** How many places the page says are in view, beyond its edge, and without a position. */
async function counts(page: Page): Promise<[number, number, number]> {
  const text = await page.locator("main").innerText();
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0);
  const within = Number(/^(\d+)\slieu/.exec(await heading(page).innerText())?.[1] ?? 0);
  return [within, number(/(\d+)\slieux? (?:est|sont) au-delà/), number(/(\d+)\slieux? (?:n’est|ne sont) pas sur la carte/)];
}

/** Drags the drawing by pixels of the screen. */
async function drag(page: Page, right: number, down: number): Promise<void> {
  const box = (await page.locator(".sketch").boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + right / 2, y + down / 2);
  await page.mouse.move(x + right, y + down);
  await page.mouse.up();
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`links lead to the map, move it and lead on to places, ${how} JavaScript`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const reader = await phone({ javaScriptEnabled });
    const page = await reader.page(`/${guide}/fr/category/health`);
    if (javaScriptEnabled) await live(page);
    // A list is drawn in two goes.
    await expect(page.locator(".card")).toHaveCount(parseInt(await page.locator("h2.count").innerText(), 10));
    const listed = await texts(page.locator(".card h3"));
    await page.getByRole("link", { name: "Sur la carte" }).click();
    await expect(page).toHaveURL(/\/map\?category=health$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Carte · Santé");

    // Every place of the list is in view, beyond the edge, or without a position; those in view are named.
    await whole(page);
    const all = await counts(page);
    expect(all[0]).toBeGreaterThan(0);
    expect(all[2]).toBeGreaterThan(0);
    expect(all[0] + all[1] + all[2]).toBe(listed.length);
    const names = await texts(named(page).locator("bdi"));
    expect(names).toHaveLength(all[0]);
    for (const name of names) expect(listed).toContain(name);

    // In until nothing gets nearer; then the link stays where it is and leads nowhere.
    const before = await marks(page).count();
    await control(page, "Agrandir").click();
    await expect(page).toHaveURL(/zoom=/);
    const first = view(page);
    await control(page, "Agrandir").click();
    await expect.poll(() => view(page).zoom).toBeGreaterThan(first.zoom);
    expect(view(page).centre).toEqual(first.centre);
    await expect.poll(async () => (await counts(page)).slice(0, 2).reduce((one, other) => one + other)).toBe(all[0] + all[1]);
    await control(page, "Réduire").click();
    await expect.poll(() => view(page)).toEqual(first);

    // East is to the right of the middle, north above it.
    await control(page, "Déplacer la carte : à l’est").click();
    await expect.poll(() => view(page).centre[1]).toBeGreaterThan(first.centre[1]);
    const [latitude] = view(page).centre;
    await control(page, "Déplacer la carte : au nord").click();
    await expect.poll(() => view(page).centre[0]).toBeGreaterThan(latitude);

    // A category alone, in the same view, and back to the whole.
    const here = view(page);
    await page.getByRole("link", { name: "Argent" }).click();
    await expect(page).toHaveURL(/category=money/);
    expect(view(page)).toEqual(here);
    await page.getByRole("link", { name: "Santé" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Carte · Santé");
    await page.getByRole("link", { name: "Toute la carte" }).click();
    await expect(page).toHaveURL(/\/map\?category=health$/);
    await expect.poll(() => counts(page)).toEqual(all);
    await expect(marks(page)).toHaveCount(before);

    const [name] = names;
    await named(page).first().click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(name);
    // From a place the map shows what is around it: itself first.
    await page.getByRole("link", { name: "Sur la carte" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Carte");
    await expect(named(page).locator("bdi").filter({ hasText: name })).toHaveCount(1);
    await expect(marks(page).first()).toBeVisible();
  });
}

test("as near as can be, the way in is closed, and as far, the way out", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone({ javaScriptEnabled: false })).page(`/${guide}/fr/map?centre=45.19,5.73&zoom=32`);
  await expect(control(page, "Agrandir")).toHaveAttribute("aria-disabled", "true");
  await expect(control(page, "Réduire")).not.toHaveAttribute("aria-disabled");
  await page.goto(`${relay.origin}/${guide}/fr/map?centre=45.19,5.73&zoom=0`);
  await expect(control(page, "Réduire")).toHaveAttribute("aria-disabled", "true");
  await expect(control(page, "Agrandir")).not.toHaveAttribute("aria-disabled");
  // What cannot be read shows the whole.
  await page.goto(`${relay.origin}/${guide}/fr/map?centre=north&zoom=nine`);
  await expect(page.getByRole("link", { name: "Toute la carte" })).toHaveCount(0);
  expect((await counts(page))[0]).toBeGreaterThan(0);
  // Nowhere near a place it says so.
  await page.goto(`${relay.origin}/${guide}/fr/map?centre=10,10&zoom=32`);
  await expect(heading(page)).toHaveText("Aucun lieu dans cette partie de la carte");
});

test("fingers and keys move the map in place", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/category/health`);
  await live(page);
  await page.getByRole("link", { name: "Sur la carte" }).click();
  await control(page, "Agrandir").click();
  await expect(page).toHaveURL(/zoom=/);
  const entries = await page.evaluate(() => history.length);

  // What was under the mouse is under it still: dragged to the right, one sees what lies to the west.
  let before = view(page);
  await drag(page, 120, 0);
  await expect.poll(() => view(page).centre[1]).toBeLessThan(before.centre[1]);
  expect(view(page).centre[0]).toBeCloseTo(before.centre[0], 4);
  expect(view(page).zoom).toBe(before.zoom);
  await expect(page.locator(".sketch .ground[transform]")).toHaveCount(0);
  const west = view(page).centre[1];
  await drag(page, -120, 0);
  await expect.poll(() => view(page).centre[1]).toBeGreaterThan(west);
  expect(view(page).centre[1]).toBeCloseTo(before.centre[1], 3);

  const sketch = page.locator(".sketch");
  await sketch.focus();
  const presses: [string, (now: ReturnType<typeof view>, then: ReturnType<typeof view>) => boolean][] = [
    ["ArrowLeft", (now, then) => now.centre[1] < then.centre[1]],
    ["ArrowRight", (now, then) => now.centre[1] > then.centre[1]],
    ["ArrowUp", (now, then) => now.centre[0] > then.centre[0]],
    ["ArrowDown", (now, then) => now.centre[0] < then.centre[0]],
    ["+", (now, then) => now.zoom === then.zoom + 2],
    ["-", (now, then) => now.zoom === then.zoom - 2],
  ];
  for (const [key, moved] of presses) {
    before = view(page);
    await page.keyboard.press(key);
    await expect.poll(() => moved(view(page), before), key).toBe(true);
    await expect(sketch).toBeFocused();
  }

  // Controls keep the focus, too: pressed again they go on.
  await control(page, "Agrandir").focus();
  for (let step = 0; step < 2; step += 1) {
    before = view(page);
    await page.keyboard.press("Enter");
    await expect.poll(() => view(page).zoom).toBe(before.zoom + 2);
  }

  // None of this is a page to go back to; a reload shows what was shown.
  expect(await page.evaluate(() => history.length)).toBe(entries);
  const shown = await texts(named(page).locator("bdi"));
  const last = page.url();
  await page.reload();
  await live(page);
  expect(page.url()).toBe(last);
  await expect(named(page).locator("bdi")).toHaveText(shown);
  await page.goBack();
  await expect(page).toHaveURL(/\/category\/health$/);
});

test("two fingers bring the map nearer", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/map?centre=45.19,5.73&zoom=24`);
  await live(page);
  const box = (await page.locator(".sketch").boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const fingers = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", apart?: number) =>
    fingers.send("Input.dispatchTouchEvent", {
      type,
      touchPoints: apart === undefined ? [] : [-apart, apart].map((way, id) => ({ x: x + way, y, id })),
    });
  await touch("touchStart", 40);
  for (const apart of [50, 60, 70, 80]) await touch("touchMove", apart);
  await touch("touchEnd");
  await expect.poll(() => view(page).zoom).toBe(26);
  expect(view(page).centre[0]).toBeCloseTo(45.19, 3);
  expect(view(page).centre[1]).toBeCloseTo(5.73, 3);
  // The page itself has not grown.
  expect(await page.evaluate(() => visualViewport!.scale)).toBe(1);
});

for (const language of ["fr", "ar"]) {
  test(`a tap on a mark opens its place, in ${language}`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const page = await (await phone({ locale: language })).page(`/${guide}/${language}/map?category=legal`);
    await live(page);
    // Groups come apart when tapped, until there is a place alone.
    const group = page.locator(".sketch svg a:has(.group)");
    const alone = page.locator(".sketch svg a:has(.spot)");
    for (let taps = 0; taps < 8 && (await alone.count()) === 0; taps += 1) {
      const before = page.url();
      await group.first().locator(".target").tap();
      await expect(page).not.toHaveURL(before);
    }
    await page.evaluate(() => Object.assign(globalThis, { same: true }));
    const href = (await alone.first().getAttribute("href"))!;
    expect(href).toMatch(new RegExp(`^/${guide}/${language}/place/[0-9a-f]{32}$`));
    const moved = page.url();
    await alone.first().locator(".target").tap();
    await expect(page).toHaveURL(relay.origin + href);
    await expect(page.locator("article.place")).toBeVisible();
    // Back is the map as it was moved, not as it was opened.
    await page.goBack();
    await expect(page).toHaveURL(moved);
    await expect(alone.first()).toHaveAttribute("href", href);
    expect(await page.evaluate(() => "same" in globalThis), "in the running app").toBe(true);
  });
}

test("a group that cannot come apart leads to its places, and no page is left", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  // All of the guide at one address.
  relay.rewritten.set(`/api/guides/${guide}/editions/fr`, (text) => {
    const edition = JSON.parse(text);
    for (const entry of Object.values<Entry>(edition.whole?.entries ?? {})) if (entry.place) Object.assign(entry.place, { position: [45.19, 5.73] });
    return JSON.stringify(edition);
  });
  try {
    const page = await (await phone()).page(`/${guide}/fr/`);
    await seldomKept(page);
    await page.goto(`${relay.origin}/${guide}/fr/map?centre=45.19,5.73&zoom=32`);
    await live(page);
    const address = page.url();
    await page.locator(".sketch svg a:has(.group) .target").first().tap();
    await expect(heading(page)).toBeFocused();
    await expect(heading(page)).toBeInViewport();
    expect(page.url()).toBe(address);
    // The way past the frame is such a link, too.
    await page.locator(".skip").focus();
    await page.keyboard.press("Enter");
    await expect(page.locator("#main")).toBeFocused();
    expect(page.url()).toBe(address);
  } finally {
    relay.rewritten.clear();
  }
});

test("a drag that ends on a mark opens nothing", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/map?category=legal&centre=45.1909,5.7126&zoom=28`);
  await live(page);
  // The court stands in the middle of this map: the finger begins on its mark.
  await expect(page.locator(".sketch svg a:has(.spot)").first()).toBeVisible();
  const before = view(page);
  await drag(page, 60, 40);
  await expect.poll(() => view(page).centre[1]).toBeLessThan(before.centre[1]);
  await expect(page).toHaveURL(/\/map\?/);
  // The next tap is a tap again.
  await page.locator(".sketch svg a:has(.spot) .target").first().tap();
  await expect(page.locator("article.place")).toBeVisible();
});

test("the map is there with the relay dead", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/category/health`);
  await keepMap(page);
  await relay.kill();
  try {
    await page.goBack();
    await page.reload();
    await live(page);
    await page.getByRole("link", { name: "Sur la carte" }).click();
    await expect(marks(page).first()).toBeVisible();
    await control(page, "Agrandir").click();
    await expect(page).toHaveURL(/zoom=/);
    const shown = await heading(page).innerText();
    await page.reload();
    await live(page);
    await expect(heading(page)).toHaveText(shown);
    await expect(marks(page).first()).toBeVisible();
    await page.locator(".sketch").focus();
    const before = page.url();
    await page.keyboard.press("+");
    await expect(page).not.toHaveURL(before);
  } finally {
    await relay.up();
  }
});

test("the map shows where one is, and neither the address nor anyone else learns of it", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone({ geolocation: { latitude: 45.18761, longitude: 5.72432 }, permissions: ["geolocation"] });
  const sent: string[] = [];
  reader.context.on("request", (request) => sent.push(request.url() + (request.postData() ?? "")));
  const page = await reader.page(`/${guide}/fr/map?centre=45.19,5.73&zoom=26`);
  await live(page);
  await page.getByRole("button", { name: "Près de moi" }).click();
  await expect(page.locator(".sketch .here")).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Vous êtes ici. Votre position reste sur ce téléphone." })).toBeVisible();
  await page.locator(".sketch").focus();
  await page.keyboard.press("+");
  await expect(page).toHaveURL(/zoom=28/);
  // Out of view it is said in words.
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowLeft");
  await expect(page.locator(".sketch .here")).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: "À partir du milieu de la carte, vous êtes à :" })).toContainText("à l’est");
  const addresses = await page.locator("a[href]").evaluateAll((links) => links.map((link) => link.getAttribute("href")).join());
  for (const place of [page.url(), addresses, sent.join(), JSON.stringify(await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }]))]) {
    expect(place).not.toMatch(/45\.1876|5\.7243/);
  }
  await page.getByRole("button", { name: "Ne plus montrer où je suis" }).click();
  await expect(page.getByText("À partir du milieu")).toHaveCount(0);
});
