// Finding what one needs: filters, nearness, the card for an identity check.
import { expect, kept, live, test, texts, whole } from "../socle.ts";
import { somePlace, type Entry } from "../members.ts";
import { rows } from "../shelf.ts";

/** Victor Hugo square, in the middle of the demo guide's town. */
const HERE = { latitude: 45.1885, longitude: 5.7245 };

test("the nearest place comes first, and where one is stays on the phone", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone({ geolocation: HERE, permissions: ["geolocation"] });
  const sent: string[] = [];
  reader.context.on("request", (request) => sent.push(request.url() + (request.postData() ?? "")));
  const page = await reader.page(`/${guide}/fr/category/paperwork`);
  await live(page);
  await page.getByRole("button", { name: "Près de moi" }).click();
  await expect(page.getByRole("status").filter({ hasText: "Votre position reste sur ce téléphone" })).toBeVisible();
  const ways = await texts(page.locator(".card .way"));
  expect(ways.length).toBeGreaterThan(1);
  const metres = ways.map((way) => {
    const [, number, unit] = /([\d,]+)\s(m|km)/.exec(way)!;
    return Number(number.replace(",", ".")) * (unit === "km" ? 1000 : 1);
  });
  expect(metres).toEqual([...metres].sort((one, other) => one - other));
  await page.locator(".card a").first().click();
  await expect(page.locator("article.place .way")).toBeVisible();
  await page.goBack();
  await page.getByRole("button", { name: "Sans les distances" }).click();
  await expect(page.locator(".card .way")).toHaveCount(0);
  expect(sent.filter((request) => request.includes("45.18"))).toEqual([]);
  const stored = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(stored).not.toContain("45.1885");
  expect(JSON.stringify(await rows(page))).not.toContain("45.1885");
});

test("a phone that does not say where it is leaves the list as it was", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone({ permissions: [] });
  const page = await reader.page(`/${guide}/fr/category/health`);
  await live(page);
  // A list is drawn in two goes.
  await expect(page.locator(".card")).toHaveCount(parseInt(await page.locator("h2.count").innerText(), 10));
  const before = await texts(page.locator(".card h3"));
  await page.getByRole("button", { name: "Près de moi" }).click();
  await expect(page.getByText("Le téléphone n’a pas dit où vous êtes.")).toBeVisible();
  await expect(page.locator(".card h3")).toHaveText(before);
});

test("what is typed is found while it is typed, said, and there again on the way back", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/search?only=free`);
  await live(page);
  await page.locator("#q").pressSequentially("toubib");
  await expect(page.locator(".links a", { hasText: "Médecin" })).toBeVisible();
  // A slip of the finger, and a word that the guide has.
  await page.locator("#q").fill("biblotheque");
  await expect(page.locator(".did-you-mean a")).toHaveText("bibliothèque");
  const found = page.locator(".card h3");
  await expect(found.first()).toContainText("Bibliothèque");
  const count = await page.locator("h2.count").innerText();
  await expect(page.getByRole("status").filter({ hasText: count })).toBeAttached();
  const names = await texts(found);
  await found.first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Bibliothèque Kateb Yacine");
  await page.goBack();
  await expect(page.locator("#q")).toHaveValue("biblotheque");
  await expect(found).toHaveText(names);
  const asked = new URL(page.url()).searchParams;
  expect([asked.get("q"), asked.get("only")]).toEqual(["biblotheque", "free"]);
  await page.locator("#q").fill("zzzzzz");
  await expect(page.getByRole("status").filter({ hasText: "zzzzzz" })).toBeAttached();
});

test("a letter draws only what it changed, and every link leads on from what is typed", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/search`);
  await live(page);
  await page.locator("#q").pressSequentially("greno");
  const name = page.locator(".card h3").first();
  await expect(name.locator("mark")).toHaveText("Grenoble");
  const first = await name.innerText();
  // From here on, whatever is put into the cards or set on them again is told.
  await page.evaluate(() => {
    const drawn: string[] = ((globalThis as never as { drawn: string[] }).drawn = []);
    const note = (changes: MutationRecord[]) => drawn.push(...changes.map((change) => `${change.type} ${change.target.nodeName} ${change.attributeName}`));
    new MutationObserver(note).observe(document.querySelector(".cards")!, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  await page.locator("#q").pressSequentially("ble");
  await expect(page.locator(".chips a").first()).toHaveAttribute("href", `/${guide}/fr/search/filters?q=grenoble`);
  expect(await page.evaluate(() => (globalThis as never as { drawn: string[] }).drawn)).toEqual([]);
  // What another word finds takes its place.
  await page.locator("#q").fill("maison");
  await expect(name).not.toHaveText(first);
  await page.locator(".chips a").first().click();
  await expect(page).toHaveURL(new RegExp("/search/filters\\?q=maison$"));
});

test("while a word is typed the first place is above a phone's keyboard, and what narrows the places below them", async ({ phone, relay }) => {
  const KEYBOARD_PX = 260;
  const { guide } = await somePlace(relay);
  const page = await (await phone()).page(`/${guide}/fr/search`);
  await live(page);
  const [first, chips, nearby] = [page.locator(".card").first(), page.locator("nav.chips"), page.locator(".nearby")];
  const box = async (what: typeof first) => (await what.boundingBox())!;
  await page.locator("#q").pressSequentially("greno");
  await expect(chips).toHaveCount(1);
  const card = await box(first);
  expect(card.y + card.height).toBeLessThan(page.viewportSize()!.height - KEYBOARD_PX);
  const last = await box(page.locator(".card").last());
  for (const below of [chips, nearby]) expect((await box(below)).y).toBeGreaterThan(last.y + last.height);
  // Once it is asked for, as in any list; and without the program.
  await page.locator("#q").press("Enter");
  await expect(page).toHaveURL(/q=greno$/);
  await expect.poll(async () => (await box(chips)).y).toBeLessThan((await box(first)).y);
  await expect(chips).toHaveCount(1);
  const still = await (await phone({ javaScriptEnabled: false })).page(`/${guide}/fr/search?q=greno`);
  expect((await box(still.locator("nav.chips"))).y).toBeLessThan((await box(still.locator(".card").first())).y);
});

for (const javaScriptEnabled of [true, false]) {
  test(`another search holds on to the filters, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const page = await (await phone({ javaScriptEnabled })).page(`/${guide}/fr/search?q=repas&only=free&area=city:La+Tronche`);
    if (javaScriptEnabled) await live(page);
    await page.locator("#q").fill("médecin");
    await page.locator("#q").press("Enter");
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("médecin");
    const asked = new URL(page.url()).searchParams;
    expect([asked.get("only"), asked.get("area")]).toEqual(["free", "city:La Tronche"]);
    await expect(page.locator("nav.chips .filter[aria-current]").filter({ hasText: "Gratuit" })).toBeVisible();
  });
}

/** What a filter puts first, and what it leaves out because it certainly does not fit. */
const ANSWERS = [
  ["category/shelter", "women", "Maison pour femmes", null],
  ["category/protection", "minors", "119", null],
  ["category/food", "families", "Cuisine solidaire", null],
  ["category/hygiene", "no_id", "Bains-douches", null],
  ["category/culture", "wheelchair", "Bibliothèque", null],
  ["category/culture", "free", "Bibliothèque", "Musée de Grenoble"],
  ["category/health", "no_appointment", null, "PASS du CHU"],
  ["category/emergency", "today", "115", null],
  ["category/health", "remote", "3114", null],
  ["category/legal", "without_papers", "Permanence juridique", null],
] as const;

for (const javaScriptEnabled of [true, false]) {
  test(`each filter puts what fits first and leaves out what does not, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const page = await (await phone({ javaScriptEnabled })).page("/");
    for (const [list, filter, first, out] of ANSWERS) {
      await page.goto(`${relay.origin}/${guide}/fr/${list}`);
      if (out) await expect(page.locator(".card h3", { hasText: out }), `${out} before ${filter}`).toHaveCount(1);
      await page.goto(`${relay.origin}/${guide}/fr/${list}?only=${filter}`);
      if (javaScriptEnabled) await live(page);
      const certain = page.locator(".card:not(:has(.not-known)) h3");
      if (first) await expect(certain.filter({ hasText: first }), filter).not.toHaveCount(0);
      if (out) await expect(page.locator(".card h3", { hasText: out }), `${out} under ${filter}`).toHaveCount(0);
      // Unknown stays, after the certain ones, and is marked.
      const marked = await page.locator(".card").evaluateAll((cards) => cards.map((card) => Number(card.querySelector(".not-known") !== null)));
      expect(marked, filter).toEqual([...marked].sort());
    }
  });
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`filters that leave nothing say which one to drop, ${how} JavaScript`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const reader = await phone({ javaScriptEnabled });
    // One place that surely costs something, and nobody says whether it can be visited by phone.
    const page = await reader.page(`/${guide}/fr/search?q=musée+de+grenoble&only=free,remote`);
    await expect(page.getByText("Ce que vous pouvez enlever :")).toBeVisible();
    const drop = page.getByRole("link", { name: /^Sans « / });
    await expect(drop).toHaveCount(1);
    const count = Number(/(\d+) lieu/.exec(await drop.innerText())![1]);
    expect(count).toBeGreaterThan(0);
    await drop.click();
    await expect(page.locator("h2.count")).toHaveText(new RegExp(`^${count} lieu`));
    await expect.poll(() => new URL(page.url()).searchParams.get("only")).toBe("remote");
  });
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`the form of filters leads back to the list, ${how} JavaScript`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const reader = await phone({ javaScriptEnabled });
    const page = await reader.page(`/${guide}/fr/category/food`);
    if (javaScriptEnabled) await live(page);
    await expect(page.locator(".card")).toHaveCount(parseInt(await page.locator("h2.count").innerText(), 10));
    const all = await texts(page.locator(".card h3"));
    await page.getByRole("link", { name: "Plus de filtres" }).click();
    await expect(page).toHaveURL(/\/category\/food\/filters$/);
    await page.getByLabel("Jour", { exact: true }).selectOption("sat");
    await page.getByLabel("Heure", { exact: true }).fill("09:00");
    await page.getByLabel("العربية").check();
    await page.getByRole("button", { name: "Voir les lieux" }).click();

    // What certainly fits comes first; the rest says what is not known of it.
    await expect(page.locator("nav.chips .filter[aria-current]").first()).toHaveText("Ouvert : samedi 9:00");
    await expect(page.locator(".card h3").first()).toHaveText("Accueil de jour (exemple)");
    await whole(page);
    const marked = await page.locator(".card").evaluateAll((cards) => cards.map((card) => card.querySelector(".not-known") !== null));
    expect(marked[0]).toBe(false);
    expect(marked).toEqual([...marked].sort((one, other) => Number(one) - Number(other)));
    expect(marked.length).toBeLessThan(all.length);
    const asked = new URL(page.url()).searchParams;
    expect([asked.getAll("at").join(","), asked.getAll("speaks").join(",")]).toEqual(["sat,09:00", "ar"]);

    // The form remembers; a tap on each chip leads back to where it began.
    await page.getByRole("link", { name: "Plus de filtres" }).click();
    await expect(page.getByLabel("Heure", { exact: true })).toHaveValue("09:00");
    await expect(page.getByLabel("العربية")).toBeChecked();
    await page.goBack();
    await page.getByRole("link", { name: "Ouvert : samedi 9:00" }).click();
    // The chips move up once one is dropped: a tap before that is the tap on another.
    await expect(page).toHaveURL(/\/category\/food\?speaks=ar$/);
    await expect(page.locator("nav.chips .filter[aria-current]")).toHaveText([/العربية/]);
    await page.locator("nav.chips .filter[aria-current]").click();
    await expect(page).toHaveURL(/\/category\/food$/);
    await expect(page.locator(".card h3")).toHaveText(all);
  });

  test(`a district is chosen without a position, ${how} JavaScript`, async ({ phone, relay }) => {
    const { guide } = await somePlace(relay);
    const reader = await phone({ javaScriptEnabled, permissions: [] });
    const page = await reader.page(`/${guide}/fr/category/health`);
    if (javaScriptEnabled) {
      await live(page);
      await page.getByRole("button", { name: "Près de moi" }).click();
      await expect(page.getByText("Le téléphone n’a pas dit où vous êtes.")).toBeVisible();
    }
    await page.getByRole("link", { name: "Par quartier" }).click();
    const choice = page.getByLabel("Où", { exact: true });
    await choice.selectOption("city:La Tronche");
    await page.getByRole("button", { name: "Voir les lieux" }).click();
    await expect(page.locator(".card h3").first()).toContainText("CHU Grenoble");
    await expect(page.locator(".card .where").first()).toContainText("La Tronche");
    await whole(page);
    const cities = await texts(page.locator(".card:not(:has(.not-known)) .where"));
    expect(cities.filter((city) => !city.includes("La Tronche"))).toEqual([]);
  });
}

test("a notice goes when it is over, with no network and the page left open", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  // The demo guide's notices have no end: they get one, an hour from now in the guide's time zone.
  const end = new Date(Date.now() + 3_600_000).toLocaleString("sv-SE", { timeZone: "Europe/Paris" }).slice(0, 16).replace(" ", "T");
  relay.rewritten.set(`/api/guides/${guide}/editions/fr`, (text) => {
    const edition = JSON.parse(text);
    for (const entry of Object.values<Entry>(edition.whole?.entries ?? {})) if (entry.notice) Object.assign(entry.notice, { until: end });
    return JSON.stringify(edition);
  });
  const reader = await phone();
  const page = await reader.context.newPage();
  await page.clock.install();
  await page.goto(`${relay.origin}/${guide}/fr/`);
  await kept(page);
  await reader.context.setOffline(true);
  await expect(page.locator(".notice.urgent")).toBeVisible();
  await page.clock.fastForward("02:00:00");
  await expect(page.locator(".notice")).toHaveCount(0);
  relay.rewritten.clear();
});

test("two taps lead to the identity check card, in two languages, with no network", async ({ phone, relay }) => {
  const { guide, id } = await somePlace(relay);
  const reader = await phone({ locale: "ar" });
  const page = await reader.page(`/${guide}/ar/place/${id}`);
  await kept(page);
  await reader.context.setOffline(true);
  await page.reload();
  await live(page);
  await page.locator("nav.bottom a").first().click();
  await page.locator("a.category.identity_check").click();
  await expect(page.locator(".steps > li").first()).toBeVisible();
  const steps = await page.locator(".steps > li").count();
  const officers = page.locator(".steps > li .source[lang=fr][dir=ltr]");
  await expect(officers).toHaveCount(steps);
  await expect(officers.first()).toBeVisible();
});
