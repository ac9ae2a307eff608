import { chromium } from "@playwright/test";
import { Front } from "./front.mjs";
import { writeFileSync } from "node:fs";
const LIST = "/bench/fr/category/health";
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_BIN, args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"] });
const places = process.argv[2];
const front = await Front.start(`/tmp/bd/places-${places}`);
const context = await browser.newContext({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, locale: "fr-FR" });
let page = await context.newPage();
await page.goto(front.origin + LIST);
await page.locator("#app[data-live]").waitFor({ state: "attached" });
await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
await page.waitForTimeout(3000);
await page.close(); await front.end();
for (let i = 0; i < 3; i++) {
  page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 6 });
  const prof = i == 2;
  const events = [];
  if (prof) { await cdp.send("Profiler.enable"); await cdp.send("Profiler.setSamplingInterval", { interval: 500 }); await cdp.send("Profiler.start"); }
  await page.addInitScript(() => {
    const look = () => { if (!document.querySelector("li.card")) return requestAnimationFrame(look); requestAnimationFrame(() => (globalThis.cardsAt = performance.now())); };
    look();
    globalThis.T = [];
    const p = (o, n) => { const f = o[n]; o[n] = function (...a) { const t = performance.now(); const r = f.apply(this, a); T.push([n, t]); if (r && r.then) r.then(() => T.push([n + " done", performance.now()])); return r; }; };
    p(WebAssembly, "instantiateStreaming"); p(WebAssembly, "instantiate"); p(IDBFactory.prototype, "open"); p(IDBObjectStore.prototype, "get"); p(IDBObjectStore.prototype, "getAll"); p(globalThis, "fetch");
    new MutationObserver((m) => { if (document.querySelector("#app[data-live]")) T.push(["live", performance.now()]); }).observe(document, { subtree: true, childList: true, attributes: true });
  });
  await page.goto(front.origin + LIST);
  const at = await (await page.waitForFunction(() => globalThis.cardsAt)).jsonValue();
  console.log(places, "cards", at);
  const T = await page.evaluate(() => T);
  console.log(T.map(([n, t]) => `${n}@${t.toFixed(0)}`).join(" "));
  console.log(JSON.stringify(await page.evaluate(() => performance.getEntriesByType("resource").map((r) => [r.name.split("/").pop(), r.startTime | 0, r.responseEnd | 0]))));
  if (prof) { const { profile } = await cdp.send("Profiler.stop"); writeFileSync("/tmp/prof.json", JSON.stringify(profile)); }
  await page.close();
}
await browser.close();
