// Takes the pictures of the web manifest anew: `npx playwright test -c screens`.
import base from "../playwright.config.ts";

export default { ...base, testDir: ".", testMatch: "take.ts", outputDir: "../test-results" };
