import { readFileSync, readdirSync, mkdirSync } from "node:fs";
import { live, test, expect } from "../socle.ts";
import { entries, join, somePlace, open, section, settings } from "../members.ts";
const out = process.env.LOOK_OUT ?? "/tmp/w-e2e/look";
mkdirSync(out, { recursive: true });
const sheet = JSON.parse(readFileSync("../target/site/site.json", "utf8")).files["app.css"];
const css = () => ["app", "frame", "parts", "pages", "desk"].map((n) => readFileSync(`../app/style/${n}.css`, "utf8")).join("\n");
for (const language of ["fr", "ar"]) for (const colorScheme of ["light", "dark"] as const) {
  test(`readers ${language} ${colorScheme}`, async ({ phone, relay }) => {
    relay.rewritten.set(sheet, css);
    const { guide, id } = await somePlace(relay);
    const all = await entries(relay, guide, language);
    const [card] = all.find(([, entry]) => entry.page)!;
    const reader = await phone({ colorScheme, locale: language });
    const page = await reader.page("/");
    const base = `/${guide}/${language}`;
    const paths: Record<string, string> = { guides: "/", languages: `/${guide}`, home: `${base}/`, list: `${base}/category/health`, legal: `${base}/category/legal`, search: `${base}/search?q=a`, nothing: `${base}/search?q=zzzz`, place: `${base}/place/${id}`, card: `${base}/page/${card}`, about: `${base}/about`, missing: `${base}/nothing/here` };
    for (const [name, path] of Object.entries(paths)) {
      await page.goto(relay.origin + path);
      if (name !== "missing") await live(page);
      await page.screenshot({ path: `${out}/${language}-${colorScheme}-${name}.png` });
      if (["home", "list", "place", "card", "about", "search"].includes(name)) {
        for (const n of [1, 2]) { await page.evaluate((n) => window.scrollTo(0, n * 520), n); await page.screenshot({ path: `${out}/${language}-${colorScheme}-${name}-${n}.png` }); }
      }
    }
  });
  test(`members ${language} ${colorScheme}`, async ({ phone, relay }) => {
    relay.rewritten.set(sheet, css);
    const { guide, id } = await somePlace(relay);
    const member = await phone({ colorScheme, locale: "fr-FR" });
    const link = await relay.invite(guide, "steward");
    const p0 = await member.context.newPage();
    await p0.goto(link); await p0.getByRole("button", { name: "Français" }).click();
    await expect(p0.getByLabel("Un nom pour vous dans le collectif")).toBeVisible();
    await p0.screenshot({ path: `${out}/${language}-${colorScheme}-m-join.png` });
    await p0.close();
    const page = await join(member, guide, "steward", `L ${language}`);
    for (const [name, path] of Object.entries({ list: "edit", outbox: "edit/outbox", newplace: "edit/new/place", newpage: "edit/new/page", newnotice: "edit/new/notice", place: `edit/place/${id}`, guide: `edit/guide/${settings(guide)}` })) {
      await page.goto(`${relay.origin}/${guide}/${language}/${path}`);
      await expect(page.locator("main h1")).toBeVisible();
      await page.locator("html[lang=" + language + "]").waitFor({ state: "attached" });
      await page.screenshot({ path: `${out}/${language}-${colorScheme}-m-${name}.png` });
      await page.evaluate(() => window.scrollTo(0, 520)); await page.screenshot({ path: `${out}/${language}-${colorScheme}-m-${name}-1.png` });
      if (name === "place") {
        await page.evaluate(() => window.scrollTo(0, 0));
        for (const b of await page.locator(".section > h2 > button").all()) { await b.click(); await b.scrollIntoViewIfNeeded();
          const i = await b.evaluate((b) => (b.closest('[id]')!).id);
          await b.evaluate((b) => window.scrollTo(0, b.getBoundingClientRect().top + scrollY - 70));
          await page.screenshot({ path: `${out}/${language}-${colorScheme}-m-place-${i}.png` });
        }
        await page.locator("#section-what button").first().click();
        await page.locator("#f-alternate-name").fill(`Chez nous ${language} ${colorScheme}`);
        await page.screenshot({ path: `${out}/${language}-${colorScheme}-m-place-changed.png` });
        await page.locator("#save").click();
        await expect(page.locator(".told .good")).toBeVisible();
        await page.screenshot({ path: `${out}/${language}-${colorScheme}-m-place-saved.png` });
      }
    }
  });
}
