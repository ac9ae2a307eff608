// Part j: a tour with a finger and a keyboard; how long the screen keeps a person waiting after a tap
// or a key (INP), and how much moves by itself (CLS). Both as web.dev defines them, over one document.
import { Front } from "./front.mjs";
import { kept, phone, print, STATES_WITHIN } from "./phone.mjs";
import { slow } from "../slow.mjs";

const TOURS = 3;
/** A layout shift so soon after an input is what the person asked for. */
const ASKED_FOR_MS = 500;
const TYPED = "permanence";
/** Of each tour, so many of the slowest interactions are told. */
const TOLD_MAX = 3;

/** The demo guide has Arabic and pages of every kind, the other one long lists. */
export async function tours(browser, folder, phone, rate) {
  const toured = (data, guide, options) => toursOf(browser, `${folder}/${data}`, guide, { ...options, name: `${phone}tour-${guide}`, rate });
  await toured("demo", "demo", { categories: ["food", "paperwork"], inArabic: true });
  await toured("places-1000", "bench", { categories: ["health", "legal"], inArabic: false });
}

async function toursOf(browser, data, guide, options) {
  const front = await Front.start(data);
  try {
    const [inp, cls] = [[], []];
    for (let round = 0; round < TOURS; round++) {
      const { interactions, shifts } = await tour(browser, `${front.origin}/${guide}/fr/`, options);
      inp.push(interactionToNextPaint(interactions));
      cls.push(cumulativeLayoutShift(shifts));
      const slowest = interactions.toSorted((one, other) => other.ms - one.ms).slice(0, TOLD_MAX);
      for (const one of slowest) console.error(`${guide}: ${told(one)}`);
      for (const shift of shifts) console.error(`${guide}: moved by ${shift.value.toFixed(4)}: ${shift.moved.join(", ")} (${shift.step})`);
    }
    print({ what: `${options.name}-inp-ms`, values: inp });
    print({ what: `${options.name}-cls`, values: cls });
  } finally {
    await front.end();
  }
}

function told({ step, name, delay, processing, ms }) {
  const rest = Math.max(0, ms - delay - processing);
  return `${ms} ms, ${name}, ${step} (waited ${delay.toFixed(0)}, worked ${processing.toFixed(0)}, painted ${rest.toFixed(0)})`;
}

async function tour(browser, address, { categories, inArabic, rate }) {
  const context = await phone(browser);
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    await slow(page, rate);
    await page.goto(address);
    await kept(page);
    const walk = new Walk(page);
    await walk.list(categories[0]);
    await walk.place();
    await walk.back();
    await walk.search(TYPED);
    await walk.place();
    await walk.tap("about", "nav.bottom li:nth-child(3) a", "main h1");
    if (inArabic) {
      await walk.tap("the languages", ".top .language", "ul.choices");
      await walk.tap("Arabic", ".choice[lang=ar]", "html[lang=ar] ul.categories");
      await walk.tap("the identity check", "a.category.identity_check", "article.page");
    }
    await walk.tap("home", "nav.bottom li:nth-child(1) a", "ul.categories");
    await walk.list(categories[1]);
    await walk.place();
    await walk.back();
    return await watched(page);
  } finally {
    await context.close();
  }
}

/** A person on the way: every tap waits for what it leads to, and for the eyes. */
class Walk {
  constructor(page) {
    this.page = page;
  }

  async tap(step, selector, leadsTo) {
    await this.step(step);
    await this.touch(selector);
    await this.page.locator(leadsTo).first().waitFor();
    await this.look();
  }

  /** The tool that taps looks for itself whether it hits what it should, before: not while the page works. */
  async touch(selector) {
    const what = this.page.locator(selector).first();
    await what.tap({ trial: true });
    await what.tap({ force: true });
  }

  async list(category) {
    await this.tap(`the list ${category}`, `a.category.${category}`, "li.card");
    const current = "a.chip.filter[aria-current]";
    await this.tap("a filter", "a.chip.filter:not([aria-current])", current);
    await this.step("the filter off");
    await this.touch(current);
    await this.page.locator(current).waitFor({ state: "detached" });
    await this.look();
    // Down a long list: nothing may move but the page itself.
    await this.scroll(-1500);
    await this.scroll(1500);
  }

  async place() {
    await this.tap("a place", "li.card a", "article.place");
    await this.scroll(-1500);
  }

  async back() {
    await this.step("back");
    await this.page.goBack();
    await this.page.locator("li.card").first().waitFor();
    await this.look();
  }

  async search(word) {
    await this.tap("search", "nav.bottom li:nth-child(2) a", "main #q");
    await this.tap("the search field", "#q", "#q:focus");
    await this.step("typing");
    for (const key of word) {
      await this.page.keyboard.press(key);
      await this.page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    }
    await this.page.locator("li.card").first().waitFor();
    await this.look();
  }

  async scroll(yDistance) {
    const session = await this.page.context().newCDPSession(this.page);
    await session.send("Input.synthesizeScrollGesture", { x: 180, y: 320, yDistance, speed: 3000, gestureSourceType: "touch" });
    await session.detach();
  }

  async step(name) {
    await this.page.evaluate((name) => void watched.steps.push([performance.now(), name]), name);
  }

  /** Until what moves now would be a surprise. */
  async look() {
    await this.page.waitForFunction((ms) => performance.now() - watched.inputAt > ms, ASKED_FOR_MS + 100);
  }
}

/** On the page, before anything else: notes events and shifts. */
function watch() {
  globalThis.watched = { events: [], shifts: [], steps: [[0, "the first page"]], inputAt: 0 };
  for (const name of ["pointerdown", "pointerup", "keydown", "keyup"]) {
    addEventListener(name, (event) => (watched.inputAt = event.timeStamp), { capture: true, passive: true });
  }
  const named = (node) => {
    const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    return element ? element.tagName.toLowerCase() + [...(element.classList ?? [])].map((name) => `.${name}`).join("") : "what is gone";
  };
  const observe = (type, note, options) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true, ...options });
  observe("event", (event) => watched.events.push(event), { durationThreshold: 16 });
  observe("layout-shift", (shift) => {
    if (shift.hadRecentInput) return;
    watched.shifts.push({ at: shift.startTime, value: shift.value, moved: shift.sources.map((source) => named(source.node)) });
  });
}

/** All interactions of at least 16 ms, each with its longest event, and all shifts that nobody asked for. */
async function watched(page) {
  // Events are told in their order: when this key's is there, all before it are.
  await page.evaluate(() => {
    watched.endAt = performance.now();
    const dawdle = (event) => {
      while (performance.now() - event.timeStamp < 50);
    };
    addEventListener("keydown", dawdle, { once: true });
  });
  await page.keyboard.press("Shift");
  await page.waitForFunction(() => watched.events.some((event) => event.name === "keydown" && event.startTime > watched.endAt), undefined, {
    timeout: STATES_WITHIN,
  });
  return page.evaluate(() => {
    const stepAt = (time) => watched.steps.findLast(([at]) => at <= time)[1];
    const interactions = new Map();
    for (const event of watched.events) {
      if (!event.interactionId || event.startTime > watched.endAt) continue;
      if (interactions.get(event.interactionId)?.ms >= event.duration) continue;
      interactions.set(event.interactionId, {
        ms: event.duration,
        name: event.name,
        step: stepAt(event.startTime),
        delay: event.processingStart - event.startTime,
        processing: event.processingEnd - event.processingStart,
      });
    }
    const shifts = watched.shifts.map((shift) => ({ ...shift, step: stepAt(shift.at) }));
    return { interactions: [...interactions.values()], shifts };
  });
}

/** The slowest interaction; of fifty and more, one of fifty is left out. */
function interactionToNextPaint(interactions) {
  const slowest = interactions.map(({ ms }) => ms).sort((one, other) => other - one);
  return slowest[Math.floor(slowest.length / 50)] ?? 0;
}

/** The heaviest burst of shifts: less than a second between two, five seconds at most. */
function cumulativeLayoutShift(shifts) {
  let [heaviest, burst, begun, last] = [0, 0, -Infinity, -Infinity];
  for (const { at, value } of shifts) {
    if (at - last >= 1000 || at - begun >= 5000) [burst, begun] = [0, at];
    [burst, last] = [burst + value, at];
    heaviest = Math.max(heaviest, burst);
  }
  return heaviest;
}
