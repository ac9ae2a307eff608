// Finding what one needs: filters, nearness, the card for an identity check.
import { expect, kept, live, test } from "../socle.ts";
import { somePlace } from "../members.ts";

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
  const ways = await page.locator(".card .way").allInnerTexts();
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
  expect(stored).not.toContain("45.18");
});

test("a phone that does not say where it is leaves the list as it was", async ({ phone, relay }) => {
  const { guide } = await somePlace(relay);
  const reader = await phone({ permissions: [] });
  const page = await reader.page(`/${guide}/fr/category/health`);
  await live(page);
  const before = await page.locator(".card h3").allInnerTexts();
  await page.getByRole("button", { name: "Près de moi" }).click();
  await expect(page.getByText("Le téléphone n’a pas dit où vous êtes.")).toBeVisible();
  expect(await page.locator(".card h3").allInnerTexts()).toEqual(before);
});

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
    expect(new URL(page.url()).searchParams.get("only")).toBe("remote");
  });
}

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
