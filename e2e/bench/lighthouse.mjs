// Part k: what Lighthouse says of home, a list and a place, in a language of each direction, as it comes: a slow
// phone on a slow network.
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
/** How quick Lighthouse found this machine, at each visit: all times above are as slow as it is. */
const indices = [];

export async function audits(folder) {
  const front = await Front.start(`${folder}/demo`, "localhost");
  try {
    const scores = new Map(CATEGORIES.map((category) => [category, []]));
    for (const path of await pages(front.origin)) {
      for (const [category, score] of await audit(front.origin + path)) {
        print({ what: `lighthouse-${category} ${path}`, values: [score] });
        scores.get(category).push(score);
      }
    }
    for (const [category, values] of scores) print({ what: `lighthouse-${category}`, values });
    print({ what: "lighthouse-machine", values: indices });
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

/** The scores of one page, from 0 to 100; what cost something is said. */
async function audit(address) {
  const whole = await run(address, CATEGORIES);
  const quickness = [score(whole, CATEGORIES[0])];
  while (quickness.length < SAMPLES) quickness.push(score(await run(address, CATEGORIES.slice(0, 1)), CATEGORIES[0]));
  quickness.sort((one, other) => one - other);
  for (const category of CATEGORIES) complain(whole, category);
  return CATEGORIES.map((category, at) => [category, at === 0 ? quickness[SAMPLES >> 1] : score(whole, category)]);
}

async function run(address, onlyCategories) {
  for (let attempt = 1; ; attempt++) {
    const { lhr } = await inFreshBrowser((port) => lighthouse(address, { port, onlyCategories, output: "json", logLevel: "error" }));
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
