// What a person with a cheap phone waits for: the browser's part of `cargo xtask bench`.
// Measures guides that the relay's part left in BENCH_FOLDER; prints one line of JSON per measurement.
import { chromium } from "@playwright/test";
import { once } from "node:events";
import { Front, plain } from "./front.mjs";
import { audits } from "./lighthouse.mjs";
import { CPU_THROTTLE, kept, LAUNCH, phone as freshPhone, print, slownessOfLowTier, STATES_WITHIN } from "./phone.mjs";
import { slow } from "../slow.mjs";
import { tours } from "./tour.mjs";

const folder = process.env.BENCH_FOLDER;
const parts = process.env.BENCH_PARTS ?? "ghijk";
const SAMPLES = 3;
const BAD_NETWORK = { offline: false, latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8 };
const HOME = "/bench/fr/";
const LIST = "/bench/fr/category/health";
const SEARCH = "/bench/fr/search";
const TYPED = "permanence";

const browser = await chromium.launch(LAUNCH);
const phone = () => freshPhone(browser);
try {
  print({ what: "browser", text: `Chromium ${browser.version()}` });
  const low = await slownessOfLowTier(browser);
  print({ what: "low-tier-slowdown", values: [low] });
  if (parts.includes("h")) await firstVisits();
  // As many times slower as agreed, and as slow as a phone of the low tier is, whatever this machine.
  for (const [phone, rate] of [["", CPU_THROTTLE], ["low-", low]]) {
    if (parts.includes("g")) {
      for (const places of [1_000, 10_000]) print({ what: `${phone}offline-list-${places}-ms`, values: await offlineStarts(places, rate) });
    }
    if (parts.includes("i")) await keystrokes(10_000, phone, rate);
    if (parts.includes("j")) await tours(browser, folder, phone, rate);
  }
} finally {
  await browser.close();
}
// Lighthouse has a browser of its own, without this one beside it.
if (parts.includes("k")) await audits(folder);

/** Part g: the relay is dead, the app is opened anew on a list; until the list's cards are painted. */
async function offlineStarts(places, rate) {
  const front = await Front.start(`${folder}/places-${places}`);
  const context = await phone();
  try {
    const page = await context.newPage();
    await page.goto(front.origin + LIST);
    await kept(page);
    await page.close();
    await front.end();
    const times = [];
    for (let sample = 0; sample < SAMPLES; sample++) times.push(await offlineStart(context, front.origin, rate));
    return times;
  } finally {
    await context.close();
    await front.end();
  }
}

async function offlineStart(context, origin, rate) {
  const page = await context.newPage();
  await slow(page, rate);
  await page.addInitScript(() => {
    const look = () => {
      if (!document.querySelector("li.card")) return requestAnimationFrame(look);
      // The frame after the one in which the cards were there: they are painted.
      requestAnimationFrame(() => (globalThis.cardsAt = performance.now()));
    };
    look();
  });
  await page.goto(origin + LIST);
  const at = await page.waitForFunction(() => globalThis.cardsAt, undefined, { timeout: STATES_WITHIN });
  const time = await at.jsonValue();
  await page.close();
  return time;
}

/** Part i: from a keystroke in the search field until what it found is painted; the first makes the index. */
async function keystrokes(places, name, rate) {
  const front = await Front.start(`${folder}/places-${places}`);
  const context = await phone();
  try {
    const page = await context.newPage();
    await page.goto(front.origin + SEARCH);
    await kept(page);
    await slow(page, rate);
    await page.evaluate(() => {
      globalThis.painted = [];
      // The event's own time: what waits before a listener runs is waited for too. The letter is
      // painted in the first frame, what it finds in the second.
      const frame = (then) => requestAnimationFrame(() => setTimeout(then));
      const typed = (event) => frame(() => frame(() => painted.push(performance.now() - event.timeStamp)));
      document.addEventListener("input", (event) => event.target.value && typed(event), true);
    });
    for (let sample = 0; sample < SAMPLES; sample++) {
      await page.fill("#q", "");
      for (const key of TYPED) {
        const before = await page.evaluate(() => painted.length);
        await page.locator("#q").press(key);
        await page.waitForFunction((before) => painted.length > before, before);
      }
    }
    const keys = await page.evaluate(() => painted);
    print({ what: `${name}first-key-${places}-ms`, values: keys.slice(0, 1) });
    print({ what: `${name}keys-${places}-ms`, values: keys.slice(1) });
  } finally {
    await context.close();
    await front.end();
  }
}

/**
 * Part h: a first visit on a bad network, beside the same page without any program. The emulated
 * network is the page's; what the service worker fetches behind it is counted, not slowed.
 */
async function firstVisits() {
  const front = await Front.start(`${folder}/places-1000`);
  try {
    for (const [name, path] of [["home", HOME], ["list", LIST]]) {
      const [ours, theirs, bytes] = [[], [], []];
      const still = await plain(front.origin, path);
      for (let sample = 0; sample < SAMPLES; sample++) {
        const before = front.bytesDown;
        ours.push(await visit(front.origin + path, kept));
        bytes.push((front.bytesDown - before) / 1000);
        theirs.push(await visit(still.origin + "/", (page) => page.waitForLoadState("load")));
      }
      still.server.close();
      await once(still.server, "close");
      print({ what: `visit-${name}-lcp-ms`, values: ours });
      print({ what: `visit-${name}-plain-lcp-ms`, values: theirs });
      print({ what: `visit-${name}-kb`, values: bytes });
    }
    await copies(front);
  } finally {
    await front.end();
  }
}

/** What a copy of the guide in one language costs on the wire, heads included, and finding it unchanged. */
async function copies(front) {
  const address = `${front.origin}/api/guides/bench/editions/fr`;
  const ask = async (since) => {
    const before = front.bytesDown;
    const answer = await (await fetch(address + since, { headers: { "accept-encoding": "br" } })).json();
    return { answer, bytes: front.bytesDown - before };
  };
  const { answer, bytes } = await ask("");
  print({ what: "edition-1000-kb", values: [bytes / 1000] });
  const { revision, epoch } = answer.whole;
  const again = await ask(`?since=${revision}&epoch=${epoch}`);
  if (!again.answer.delta) throw new Error("the relay gave the whole guide again");
  print({ what: "refresh-unchanged-bytes", values: [again.bytes] });
}

/** Opens an address in a fresh browser profile; the largest contentful paint once `settled`. */
async function visit(address, settled) {
  const context = await phone();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", BAD_NETWORK);
  await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_THROTTLE });
  await page.goto(address, { timeout: STATES_WITHIN });
  await settled(page);
  const paint = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const largest = (list) => resolve(list.getEntries().at(-1).startTime);
        new PerformanceObserver(largest).observe({ type: "largest-contentful-paint", buffered: true });
      }),
  );
  await context.close();
  return paint;
}
