// The cheap phone of the measurements, and the state in which the app has taken over.
import { pageFunctions } from "lighthouse/core/lib/page-functions.js";

export const CPU_THROTTLE = 6;
/** What Chrome's developer tools slow a machine down to for a phone of the low tier, by Lighthouse's count. */
const LOW_TIER_INDEX = 264;
const COUNTS = 3;
export const STATES_WITHIN = 60_000;
export const LAUNCH = {
  executablePath: process.env.CHROMIUM_BIN,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
};

/** A fresh browser profile on a small screen. */
export async function phone(browser) {
  const context = await browser.newContext({ viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true, locale: "fr-FR" });
  // A program that broke explains a state that never comes.
  context.on("weberror", (error) => console.error(`on the page: ${error.error()}`));
  return context;
}

/** How much slower than this machine a phone of the low tier is; machines of one name differ by a factor of two. */
export async function slownessOfLowTier(browser) {
  const page = await browser.newPage();
  const counts = [];
  while (counts.length < COUNTS) counts.push(await page.evaluate(pageFunctions.computeBenchmarkIndex));
  await page.close();
  const [, middle] = counts.sort((one, other) => one - other);
  return Math.max(1, middle / LOW_TIER_INDEX);
}

/** The app has taken over, and the phone can do without the relay. */
export async function kept(page) {
  page.setDefaultTimeout(STATES_WITHIN);
  await page.locator("#app[data-live]").waitFor({ state: "attached" });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  // Asked anew until it is so: `waitForFunction` takes a promise for a yes.
  await page.evaluate(async () => {
    for (;;) {
      const cache = await caches.open("socle-files");
      const names = (await cache.keys()).map((request) => new URL(request.url).pathname);
      if (names.includes("/shell") && names.some((name) => name.includes("/locale-"))) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
}

export function print(measurement) {
  console.log(JSON.stringify(measurement));
}
