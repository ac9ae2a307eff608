/** Makes a page so many times slower than this machine, for as long as it is open. */
export async function slow(page, rate) {
  await (await page.context().newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate });
}
