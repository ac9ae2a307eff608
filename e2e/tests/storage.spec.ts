// The phone's storage itself, in a real browser's IndexedDB.
import { expect, live, test } from "../socle.ts";

test("the members' shelf keeps its contract on IndexedDB", async ({ phone, relay }) => {
  // The worker says what its program's self-test says; the program's address is in the worker.
  relay.rewritten.set("/assets/worker-", (script) => {
    const program = /\/assets\/replica-[^"]+\.js/.exec(script)![0];
    return `import start, { selftest } from "${program}";
      start().then(selftest).then((said) => postMessage({ said }), (error) => postMessage({ said: String(error) }));`;
  });
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
