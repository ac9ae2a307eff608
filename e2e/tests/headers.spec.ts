// What others say of our headers: the HTTP Observatory's scanner, over TLS as a reader would come, and
// the evaluator of content security policies.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { CspParser } from "csp_evaluator/dist/parser.js";
import { binary, freePort } from "../relay.ts";
import { expect, test } from "../socle.ts";
import { TlsFront } from "../tls.ts";

// True of a host that serves what its users upload, or answers with their words as script. We do neither:
// our scripts are the build's, and everything else is sent with its own type and `nosniff`.
const MEANT = ["script-src 'self': 'self' can be problematic if you host JSONP, AngularJS or user uploaded files."];

const PAGES = ["/", "/lyon/fr/", "/lyon/fr/search?q=x", "/lyon/join", "/shell", "/healthz", "/api/guides", "/nowhere"];

test("the HTTP Observatory gives A+", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "socle-tls-"));
  const [port, behind] = [await freePort(), await freePort()];
  const origin = `https://localhost:${port}`;
  const relay = spawn(binary, ["serve", "--data", path.join(folder, "data"), "--listen", `127.0.0.1:${behind}`, "--public-url", origin]);
  const front = await TlsFront.start(folder, port, behind);
  try {
    for await (const said of relay.stdout) if (String(said).includes("Ctrl+C")) break;
    const scan = await observed(`localhost:${port}`, front.certificate);
    const failed = Object.entries(scan.tests).filter(([, test]) => !test.pass);
    expect(failed, "tests of the scanner").toEqual([]);
    expect(scan.scan.grade, `${scan.scan.score} of 100`).toBe("A+");
    console.log(`HTTP Observatory: ${scan.scan.grade}, ${scan.scan.score} of 100, ${scan.scan.testsPassed} of ${scan.scan.testsQuantity} tests`);
  } finally {
    front.end();
    relay.kill("SIGKILL");
    await once(relay, "exit");
    await rm(folder, { recursive: true, force: true });
  }
});

type Scan = {
  scan: { grade: string; score: number; testsPassed: number; testsQuantity: number };
  tests: Record<string, { pass: boolean; result: string }>;
};

/** What the scanner says of a host whose certificate it trusts. */
async function observed(host: string, certificate: string): Promise<Scan> {
  const scanner = path.dirname(createRequire(import.meta.url).resolve("@mdn/mdn-http-observatory"));
  // The list of hosts that browsers know as TLS only; it is fetched when the package is installed with
  // its scripts. This host is not on it.
  await writeFile(path.join(scanner, "..", "conf", "hsts-preload.json"), "{}");
  const environment = { ...process.env, NODE_EXTRA_CA_CERTS: certificate };
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(scanner, "scan.js"), host], { env: environment });
  return JSON.parse(stdout) as Scan;
}

test("the policy's evaluator finds nothing that is not meant", async ({ relay }) => {
  for (const page of PAGES) {
    const policy = (await fetch(relay.origin + page)).headers.get("content-security-policy");
    const findings = new CspEvaluator(new CspParser(policy ?? "").csp).evaluate();
    const found = findings.map((finding) => `${finding.directive} ${finding.value ?? ""}: ${finding.description}`);
    expect(found, page).toEqual(MEANT);
  }
});
