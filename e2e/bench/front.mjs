// What stands before the browser: the relay behind a counter of bytes, or a plain page of files.
import { spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { brotliCompressSync } from "node:zlib";

/** A relay on a data folder, and every byte that it sends. */
export class Front {
  bytesDown = 0;

  static async start(data, host = "127.0.0.1") {
    const front = new Front();
    const behind = await freePort();
    front.server = net.createServer((socket) => front.pass(socket, behind)).listen(0, "127.0.0.1");
    await once(front.server, "listening");
    front.origin = `http://${host}:${front.server.address().port}`;
    // Pages name their own address: it is this one.
    front.relay = spawn(process.env.SOCLE_BIN, ["serve", "--data", data, "--listen", `127.0.0.1:${behind}`, "--public-url", front.origin], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await ready(front.relay);
    return front;
  }

  pass(socket, behind) {
    const onward = net.connect(behind, "127.0.0.1").setNoDelay(true);
    socket.setNoDelay(true);
    onward.on("data", (bytes) => (this.bytesDown += bytes.length));
    for (const [one, other] of [[socket, onward], [onward, socket]]) {
      one.pipe(other);
      // A browser that goes away, or a killed relay, ends both halves.
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  }

  /** Gone, without a goodbye; new connections are refused. */
  async end() {
    this.server.close();
    if (this.relay.exitCode !== null || this.relay.signalCode !== null) return;
    this.relay.kill("SIGKILL");
    await once(this.relay, "exit");
  }
}

function ready(relay) {
  let said = "";
  return new Promise((resolve, reject) => {
    relay.stdout.on("data", (chunk) => {
      said += chunk;
      if (said.includes("Ctrl+C")) resolve();
    });
    relay.once("exit", (code) => reject(new Error(`the relay ended with ${code}:\n${said}`)));
  });
}

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** The page at `path` as a plain file with a linked stylesheet and pictograms: the same content, no program. */
export async function plain(origin, path) {
  let style = "";
  const html = (await (await fetch(origin + path)).text())
    .replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, "")
    .replace(/<link\b[^>]*rel="?(modulepreload|preload|manifest)\b[^>]*>/g, "")
    .replace(/<style>([\s\S]*?)<\/style>/, (_, within) => ((style = within), '<link rel="stylesheet" href="/plain.css">'));
  if (!style) throw new Error("the page has no stylesheet within it any more");
  const files = new Map([
    ["/", ["text/html; charset=utf-8", brotliCompressSync(html)]],
    ["/plain.css", ["text/css", brotliCompressSync(style)]],
  ]);
  const server = http.createServer(async (request, response) => {
    const [type, body] = files.get(request.url) ?? [];
    if (!body) return void response.writeHead(404).end();
    response.writeHead(200, { "content-type": type, "content-encoding": "br", "content-length": body.length }).end(body);
  });
  for (const [, asset] of html.matchAll(/(?:href|src)="(\/assets\/[^"#]+)/g)) {
    const answer = await fetch(origin + asset);
    files.set(asset, [answer.headers.get("content-type"), brotliCompressSync(Buffer.from(await answer.arrayBuffer()))]);
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}
