// Part l: the phone in someone else's hands. From the finger or the last key until a covered page is painted, and
// from the tap that wipes until the browser's own empty page is there, for a member who holds the whole guide.
import { execFileSync } from "node:child_process";
import { Front } from "./front.mjs";
import { kept, phone as freshPhone, print, slow, STATES_WITHIN } from "./phone.mjs";

const SAMPLES = 5;
const GUIDE = "bench";
const NEUTRAL = "https://www.wikipedia.org/**";
/** Nobody bears the name of another. */
let members = 0;
const WAYS = {
  tap: (page) => page.locator("a.exit:visible").tap({ noWaitAfter: true }),
  keys: async (page) => {
    for (let time = 0; time < 3; time++) await page.keyboard.press("Shift");
  },
};

export async function away(browser, folder, phone, rate) {
  const data = `${folder}/places-1000`;
  const front = await Front.start(data);
  const measured = async (what, once) => {
    const values = [];
    while (values.length < SAMPLES) values.push(await inFreshPhone(browser, once));
    print({ what: `${phone}${what}-ms`, values });
  };
  try {
    for (const [way, leave] of Object.entries(WAYS)) await measured(`leave-${way}`, (context) => leaving(context, front, rate, leave));
    await measured("wipe-1000", (context) => wiping(context, front, data, rate));
  } finally {
    await front.end();
  }
}

async function inFreshPhone(browser, measure) {
  const context = await freshPhone(browser);
  context.setDefaultTimeout(STATES_WITHIN);
  try {
    return await measure(context);
  } finally {
    await context.close();
  }
}

async function leaving(context, front, rate, leave) {
  // The neutral page never comes: the covered one is all that is seen.
  await context.route(NEUTRAL, () => {});
  const page = await context.newPage();
  await page.goto(`${front.origin}/${GUIDE}/fr/category/health`);
  await kept(page);
  await slow(page, rate);
  // To the picture after the page was hidden; said at once, for the page is going.
  await page.evaluate(() => {
    let began = 0;
    for (const name of ["pointerup", "keydown"]) addEventListener(name, (event) => (began = event.timeStamp), true);
    const hidden = () => requestAnimationFrame(() => setTimeout(() => console.info(`covered after ${performance.now() - began}`)));
    new MutationObserver(hidden).observe(document.body, { attributeFilter: ["hidden"] });
  });
  const said = page.waitForEvent("console", (message) => message.text().startsWith("covered"));
  await leave(page);
  return Number((await said).text().split(" ").pop());
}

async function wiping(context, front, data, rate) {
  await joined(context, front, data);
  const page = await context.newPage();
  await page.goto(`${front.origin}/${GUIDE}/fr/phone`);
  await kept(page);
  await slow(page, rate);
  await page.locator("details.sure summary").first().tap();
  const began = performance.now();
  await page.locator("[data-wipe=leave]").tap({ noWaitAfter: true });
  await page.waitForURL("about:blank", { waitUntil: "commit" });
  return performance.now() - began;
}

/** A member's page with the whole guide on the phone. */
async function joined(context, front, data) {
  const invited = execFileSync(process.env.SOCLE_BIN, ["invite", "--guide", GUIDE, "--role", "editor", "--data", data], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const page = await context.newPage();
  await page.goto(`${front.origin}/${GUIDE}/join${/#\S+/.exec(invited)[0]}`);
  await page.getByRole("button", { name: "Français" }).tap();
  await page.getByLabel("Un nom pour vous dans le collectif").fill(`Bench ${++members}`);
  await page.locator("#join").tap();
  await page.getByRole("link", { name: "Aller aux fiches" }).tap();
  await page.getByText(/\b1[\s\u202f]?000 fiches/).first().waitFor();
}
