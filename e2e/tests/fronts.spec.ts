// The examples of `server/deploy` as they stand, but for addresses, ports and certificates: web servers
// that pass everything on, at once, and write nothing about who asked.
import { expect, test } from "../socle.ts";
import { spawn, execFile, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { freePort, Relay } from "../relay.ts";
import { program } from "../visitor.ts";

const run = promisify(execFile);
const deploy = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..", "server", "deploy");
const EXAMPLE = "guide.example.org";
const folders = `/usr/sbin${path.delimiter}${process.env.PATH}`;
const CANARY = "canary-7f3a";

/** A web server started on one of the examples. */
class WebServer {
  said = "";

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly process: ChildProcess,
  ) {
    for (const stream of [process.stdout!, process.stderr!]) stream.on("data", (chunk) => (this.said += chunk));
  }

  static async caddy(relay: Relay): Promise<WebServer> {
    const [folder, port] = [await mkdtemp(path.join(tmpdir(), "socle-caddy-")), await freePort()];
    const example = await readFile(path.join(deploy, "Caddyfile"), "utf8");
    const config = example
      .replace("admin off", "admin off\n\tskip_install_trust\n\tauto_https disable_redirects")
      .replace(`${EXAMPLE} {`, `https://localhost:${port} {\n\ttls internal`)
      .replace("127.0.0.1:8080", new URL(relay.origin).host);
    const file = path.join(folder, "Caddyfile");
    await writeFile(file, config);
    const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const caddy = program({ variable: "CADDY_BIN", names: ["caddy"], package: "caddy", browser: "fronts" });
    return new WebServer(port, folder, spawn(caddy, ["run", "--config", file, "--adapter", "caddyfile"], { env }));
  }

  static async nginx(relay: Relay): Promise<WebServer> {
    const [folder, port, plain] = [await mkdtemp(path.join(tmpdir(), "socle-nginx-")), await freePort(), await freePort()];
    const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
    const wanted = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"];
    await run("openssl", [...wanted, "-keyout", key, "-out", certificate]);
    const example = await readFile(path.join(deploy, "nginx.conf"), "utf8");
    const site = example
      .replaceAll(/^\tlisten \[::\].*\n/gm, "")
      .replace("listen 80;", `listen 127.0.0.1:${plain};`)
      .replace("listen 443", `listen 127.0.0.1:${port}`)
      .replace("127.0.0.1:8080", new URL(relay.origin).host)
      .replaceAll(EXAMPLE, "localhost")
      .replace(/ssl_certificate .*/, `ssl_certificate ${certificate};`)
      .replace(/ssl_certificate_key .*/, `ssl_certificate_key ${key};`);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`);
    const config = `daemon off; pid ${folder}/pid; events {} http { ${temporary.join(" ")} ${site} }`;
    const file = path.join(folder, "nginx.conf");
    await writeFile(file, config);
    return new WebServer(port, folder, spawn("nginx", ["-e", "stderr", "-p", folder, "-c", file], { env: { ...process.env, PATH: folders } }));
  }

  /** Asks until something answers: the server has no other way to say that it listens. */
  async ready(): Promise<this> {
    await expect(async () => {
      expect(this.process.exitCode, this.said).toBeNull();
      await this.get("/healthz");
    }).toPass({ timeout: 20_000 });
    return this;
  }

  get(path: string): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
    return new Promise((resolve, reject) => {
      const asked = this.ask(path, (answer) => {
        let body = "";
        answer.on("data", (chunk) => (body += chunk)).on("end", () => resolve({ status: answer.statusCode!, headers: answer.headers, body }));
      });
      asked.on("error", reject);
    });
  }

  /** An answer that does not end by itself: its first bytes, and what waits until it is cut. */
  begun(path: string): Promise<{ first: string; cut: () => Promise<void> }> {
    return new Promise((resolve, reject) => {
      const asked = this.ask(path, (answer) => {
        const closed = new Promise<void>((done) => answer.on("close", done));
        // Cut off is what it is meant to be.
        answer.on("error", () => {});
        answer.once("data", (chunk) => resolve({ first: String(chunk), cut: () => closed }));
      });
      asked.on("error", reject);
    });
  }

  /** What it is and which: later versions may write what this one does not. */
  async version(): Promise<string> {
    const { stdout, stderr } = await run(this.process.spawnfile, [this.process.spawnfile.endsWith("caddy") ? "version" : "-v"], {
      env: { ...process.env, PATH: folders },
    });
    return (stdout + stderr).trim();
  }

  private ask(path: string, hear: Parameters<typeof https.get>[2] & {}) {
    const headers = { host: `localhost:${this.port}`, "user-agent": CANARY, "x-forwarded-for": `${CANARY}, 203.0.113.77` };
    return https.get({ host: "127.0.0.1", port: this.port, servername: "localhost", path, headers, rejectUnauthorized: false }, hear);
  }

  async end(): Promise<void> {
    this.process.kill("SIGTERM");
    if (this.process.exitCode === null) await once(this.process, "exit");
  }

  /** Everything it said and every file that it left. */
  async traces(): Promise<[string, string][]> {
    const files = await readdir(this.folder, { recursive: true, withFileTypes: true });
    const read = files.filter((file) => file.isFile()).map(async (file): Promise<[string, string]> => {
      const name = path.join(file.parentPath ?? file.path, file.name);
      return [name, await readFile(name, "latin1")];
    });
    return [["its output", this.said], ...(await Promise.all(read))];
  }
}

for (const name of ["caddy", "nginx"] as const) {
  test(`${name} passes everything on, at once, and writes nothing about who asked`, async ({ relay }) => {
    const front = await (await WebServer[name](relay)).ready();
    console.log(`tried with ${name} ${await front.version()}`);
    try {
      const page = await front.get(`/demo/fr/?q=${CANARY}`);
      expect(page.status).toBe(200);
      expect(page.body).toContain("<h1");
      for (const header of ["content-security-policy", "x-content-type-options", "cross-origin-opener-policy", "permissions-policy"]) {
        expect(page.headers[header], header).toBeTruthy();
      }
      expect((await front.get("/sw.js")).headers["cache-control"]).toBe("no-cache");
      // A live stream says where it stands when it begins: nothing on the way waits for more.
      const live = await front.begun("/api/guides/demo/live");
      expect(live.first).toContain("revision");
      // Failed requests are what web servers like to write down: one that breaks in the middle, one that
      // finds nobody.
      await relay.kill();
      await live.cut();
      expect((await front.get(`/demo/fr/${CANARY}`)).status).toBe(502);
      await relay.up();
    } finally {
      await front.end();
    }
    for (const [place, text] of await front.traces()) {
      expect(text, place).not.toContain(CANARY);
      expect(text, place).not.toContain("203.0.113.77");
    }
    await rm(front.folder, { recursive: true });
  });
}

test("the unit leaves the service next to nothing", async () => {
  const unit = path.join(deploy, "socle.service");
  // The threshold is ten times the exposure: 1.5. More than that fails.
  const { stdout } = await run("systemd-analyze", ["security", "--offline=true", "--threshold=15", "--no-pager", unit]);
  expect(stdout).toContain("Overall exposure level");
});
