// Part k: what Lighthouse says of home, a list and a place, in a language of each direction: a slow phone on a slow
// network. As it comes, and with the slowdown that its documentation advises for a machine as quick as this one.
import { chromium } from "@playwright/test";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import { Front } from "./front.mjs";
import { LAUNCH, print } from "./phone.mjs";

const LANGUAGES = ["fr", "ar"];
const CATEGORY = "food";
/** Of the performance score, which varies, the middle one counts. */
const SAMPLES = 3;
const ATTEMPTS = 3;
/** Elements that a complaint names. */
const NAMED_MAX = 3;
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
/** Lighthouse makes everything four times slower, which turns a quick desktop into a phone of the middle kind. */
const USUAL_SLOWDOWN = 4;
/** What its documentation advises for machines that it finds slower than a quick desktop (its `throttling.md`). */
const QUICK_INDEX = 1500;
const SLOWDOWN_OF_SLOWER = 2;
/** How quick Lighthouse found this machine, at each visit: all times above are as slow as it is. */
const indices = [];

export async function audits(folder) {
  const front = await Front.start(`${folder}/demo`, "localhost");
  try {
    const scores = new Map([...CATEGORIES, "calibrated"].map((name) => [name, []]));
    const note = (path, name, score) => {
      print({ what: `lighthouse-${name} ${path}`, values: [score] });
      scores.get(name).push(score);
    };
    for (const path of await pages(front.origin)) {
      const address = front.origin + path;
      for (const [category, score] of await audit(address)) note(path, category, score);
      note(path, "calibrated", await quickness(address, calibrated()));
    }
    for (const [name, values] of scores) print({ what: `lighthouse-${name}`, values });
    print({ what: "lighthouse-machine", values: indices });
    print({ what: "lighthouse-slowdown", values: [calibrated()] });
  } finally {
    await front.end();
  }
}

/** Home, a list and its first place, in each language. */
async function pages(origin) {
  const list = await (await fetch(`${origin}/demo/${LANGUAGES[0]}/category/${CATEGORY}`)).text();
  const [place] = /place\/[0-9a-f]{32}/.exec(list);
  return LANGUAGES.flatMap((language) => ["", `category/${CATEGORY}`, place].map((path) => `/demo/${language}/${path}`));
}

/** The slowdown that makes this machine, as quick as it was so far, a phone of the middle kind. */
function calibrated() {
  return middle(indices) < QUICK_INDEX ? SLOWDOWN_OF_SLOWER : USUAL_SLOWDOWN;
}

function middle(values) {
  return values.toSorted((one, other) => one - other)[values.length >> 1];
}

/** The scores of one page, from 0 to 100; what cost something is said. */
async function audit(address) {
  const whole = await run(address, CATEGORIES, USUAL_SLOWDOWN);
  for (const category of CATEGORIES) complain(whole, category);
  const [performance, ...others] = CATEGORIES;
  const among = score(whole, performance);
  return [[performance, await quickness(address, USUAL_SLOWDOWN, among)], ...others.map((category) => [category, score(whole, category)])];
}

/** The middle one of several scores of performance, of those taken already too. */
async function quickness(address, slowdown, ...taken) {
  const [performance] = CATEGORIES;
  while (taken.length < SAMPLES) taken.push(score(await run(address, [performance], slowdown), performance));
  return middle(taken);
}

async function run(address, onlyCategories, cpuSlowdownMultiplier) {
  for (let attempt = 1; ; attempt++) {
    const { lhr } = await inFreshBrowser((port) =>
      lighthouse(address, { port, onlyCategories, throttling: { cpuSlowdownMultiplier }, output: "json", logLevel: "error" }),
    );
    if (!lhr.runtimeError) {
      indices.push(lhr.environment.benchmarkIndex);
      return lhr;
    }
    // Now and then a browser newer than Lighthouse records no beginning of the page.
    if (attempt === ATTEMPTS) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    console.error(`${address}: once more, ${lhr.runtimeError.code}`);
  }
}

/** A profile that never saw the guide: a first visit. */
async function inFreshBrowser(visit) {
  const chrome = await launch({
    chromePath: LAUNCH.executablePath ?? chromium.executablePath(),
    chromeFlags: ["--headless=new", ...LAUNCH.args],
    logLevel: "error",
  });
  try {
    return await visit(chrome.port);
  } finally {
    await chrome.kill();
  }
}

function score(lhr, category) {
  return Math.round(lhr.categories[category].score * 100);
}

function complain(lhr, category) {
  for (const { id, weight } of lhr.categories[category].auditRefs) {
    const { score, displayValue = "", title, details } = lhr.audits[id];
    if (weight === 0 || score === null || score >= 0.9) continue;
    const where = (details?.items ?? []).map((item) => item.node?.selector).filter(Boolean).slice(0, NAMED_MAX);
    console.error(`${lhr.finalDisplayedUrl}: ${category}, ${id}: ${title} ${displayValue} ${where.join(", ")}`);
  }
}
