// The phone's storage itself, in a real browser's IndexedDB.
import { readFileSync } from "node:fs";
import { expect, live, test } from "../socle.ts";

/** Built by `cargo verify`, which says where. */
const CONTRACT = process.env.SOCLE_CONTRACT ?? "../target/contract";

test("the members' shelf keeps its contract on IndexedDB", async ({ phone, relay }) => {
  // In the place of the replica's worker: the program that checks, with its WASM inside.
  const script = readFileSync(`${CONTRACT}/contract.js`, "utf8");
  const wasm = readFileSync(`${CONTRACT}/contract.wasm`).toString("base64");
  relay.rewritten.set("/assets/worker-", () => `${script}
    const module_or_path = Uint8Array.from(atob("${wasm}"), (character) => character.charCodeAt(0));
    __wbg_init({ module_or_path }).then(run).then((said) => postMessage({ said }), (error) => postMessage({ said: String(error) }));`);
  const page = await (await phone()).page();
  await live(page);
  const said = await page.evaluate(async () => {
    const assets = JSON.parse(document.body.dataset.assets!);
    const address = JSON.stringify(assets).match(/\/assets\/worker-[^"]+\.js/)![0];
    const worker = new Worker((globalThis as any).soclePolicy.createScriptURL(address), { type: "module" });
    return new Promise<string>((resolve) => {
      worker.onerror = (event) => resolve(`the worker stopped: ${event.message}`);
      // Its first word is the replica's own.
      worker.onmessage = ({ data }) => data.said && resolve(data.said);
    });
  });
  expect(said).toBe("ok");
});
