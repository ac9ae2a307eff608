// How the end-to-end tests run: the release binary, Chromium as found by CHROMIUM_BIN or Debian's.
import { defineConfig } from "@playwright/test";

const executablePath = process.env.CHROMIUM_BIN ?? "/usr/bin/chromium";

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // Two cores: one for the browser, one for the relay.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  reporter: [["list"]],
  use: {
    browserName: "chromium",
    viewport: { width: 360, height: 640 },
    hasTouch: true,
    locale: "fr-FR",
    timezoneId: "Asia/Tokyo",
    serviceWorkers: "allow",
    trace: "retain-on-failure",
    launchOptions: {
      executablePath,
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
    },
  },
});
