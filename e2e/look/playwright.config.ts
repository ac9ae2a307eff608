import base from "../playwright.config.ts";
export default { ...base, testDir: ".", outputDir: "/tmp/w-e2e/look-results" };
