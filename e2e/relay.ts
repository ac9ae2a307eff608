// The real relay as a test's own process: an empty folder, a free port, killed and started at will.
// A small proxy stands before it so that a test can lose answers or offer a newer build.
import { spawn, execFile, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
export const binary = process.env.SOCLE_BIN ?? path.join(here, "..", "target", "release", "socle");
const run = promisify(execFile);

/** The address of a file of the program, with the hash of what is in it. */
const FILE = /\/assets\/[\w-]+-[0-9a-f]{8}\.\w+/g;

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export class Relay {
  private process?: ChildProcess;
  private proxy?: http.Server;
  private builds = 0;
  /** The names that files have by now, of those that a newer build names otherwise. */
  private readonly renamed = new Map<string, string>();
  /** What is made of a script on its way, by the beginning of its path. */
  readonly rewritten = new Map<string, (script: string) => string>();
  /** Called with each request; what it returns true for is answered by the relay, but the answer is lost. */
  loseAnswer: (request: http.IncomingMessage) => boolean = () => false;
  output = "";

  private constructor(
    readonly data: string,
    readonly port: number,
    private readonly behind: number,
  ) {}

  static async start(): Promise<Relay> {
    const data = await mkdtemp(path.join(tmpdir(), "socle-e2e-"));
    const relay = new Relay(data, await freePort(), await freePort());
    await relay.up();
    return relay;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts (again) on the same data and the same address, and waits until it answers. */
  async up(): Promise<void> {
    this.process = spawn(binary, ["serve", "--data", this.data, "--listen", `127.0.0.1:${this.behind}`, "--public-url", this.origin], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const listening = new Promise<void>((resolve, reject) => {
      const hear = (chunk: Buffer) => {
        this.output += chunk;
        if (this.output.includes(this.origin)) resolve();
      };
      this.process!.stdout!.on("data", hear);
      this.process!.stderr!.on("data", hear);
      this.process!.once("exit", (code) => reject(new Error(`the relay ended with ${code}:\n${this.output}`)));
    });
    await listening;
    this.proxy = http.createServer((request, response) => this.pass(request, response)).listen(this.port, "127.0.0.1");
    await once(this.proxy, "listening");
  }

  /** Gone, without a goodbye. */
  async kill(): Promise<void> {
    const { process, proxy } = this;
    this.process = this.proxy = undefined;
    if (proxy) {
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, "close");
    }
    if (process && process.exitCode === null) {
      process.removeAllListeners("exit");
      process.kill("SIGKILL");
      await once(process, "exit");
    }
  }

  async end(): Promise<void> {
    await this.kill();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Runs a subcommand on the relay's data. */
  async socle(...args: string[]): Promise<string> {
    const { stdout } = await run(binary, [...args, "--data", this.data]);
    return stdout;
  }

  /** A new invite link. */
  async invite(guide: string, role: string): Promise<string> {
    const out = await this.socle("invite", "--guide", guide, "--role", role);
    const token = /\/join#(\S+)/.exec(out)?.[1];
    if (!token) throw new Error(`no invite in: ${out}`);
    return `${this.origin}/${guide}/join#${token}`;
  }

  /** Pretends that a newer build is served: the service worker's script differs, and so does what files are named that fit. */
  offerNewerBuild(files = /^$/): void {
    this.builds += 1;
    const build = `BUILD = "next-${this.builds}"`;
    const renamed = (text: string) => text.replace(FILE, (path) => (files.test(path) ? this.rename(path) : path));
    this.rewritten.set("/sw.js", (script) => renamed(script).replace(/BUILD = "[^"]*"/, build));
    this.rewritten.set("/shell", renamed);
  }

  /** Back to the build that there is. */
  withdrawNewerBuild(): void {
    for (const path of ["/sw.js", "/shell"]) this.rewritten.delete(path);
  }

  /** As if other content stood in the file: another hash. */
  private rename(path: string): string {
    const fresh = path.replace(/[0-9a-f](?=[0-9a-f]{7}\.\w+$)/, (digit) => (parseInt(digit, 16) ^ 8).toString(16));
    this.renamed.set(fresh, path);
    return fresh;
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const lost = this.loseAnswer(request);
    const rewrite = [...this.rewritten].find(([path]) => request.url?.startsWith(path))?.[1];
    // What is to be rewritten must come uncompressed.
    const headers = rewrite ? { ...request.headers, "accept-encoding": "identity" } : request.headers;
    const onward = http.request(
      // A connection of its own: one that the relay ends while it is taken up again would be an answer lost.
      { host: "127.0.0.1", port: this.behind, path: this.renamed.get(request.url!) ?? request.url, method: request.method, headers, agent: false },
      (answer) => {
        if (lost) {
          answer.resume();
          answer.once("end", () => request.socket.destroy());
          return;
        }
        if (rewrite) return void passRewritten(answer, response, rewrite);
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => request.socket.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }
}

/** Passes a script on as what `rewrite` makes of it, under the relay's own headers. */
async function passRewritten(answer: http.IncomingMessage, response: http.ServerResponse, rewrite: (script: string) => string): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  const { "content-length": _, ...headers } = answer.headers;
  response.writeHead(answer.statusCode ?? 502, headers);
  response.end(rewrite(Buffer.concat(chunks).toString()));
}
