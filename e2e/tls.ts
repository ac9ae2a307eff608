// What stands before a relay in life: TLS with a certificate of its own, and plain HTTP that leads there.
// Both on one port, told apart by the first byte: a scanner has one name for a host.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import path from "node:path";
import { promisify } from "node:util";

const TLS_HANDSHAKE = 0x16;

export class TlsFront {
  private constructor(
    readonly port: number,
    /** The file of the certificate: whoever trusts it trusts this front. */
    readonly certificate: string,
    private readonly servers: net.Server[],
  ) {}

  /** Stands on `port` before what answers on `behind`; keeps its key in `folder`. */
  static async start(folder: string, port: number, behind: number): Promise<TlsFront> {
    const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
    const wanted = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
    await promisify(execFile)("openssl", [...wanted, "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate]);
    const away = http.createServer((request, response) => {
      response.writeHead(308, { location: `https://localhost:${port}${request.url}` }).end();
    });
    const pass: http.RequestListener = (request, response) => {
      const { url, method, headers } = request;
      const onward = http.request({ host: "127.0.0.1", port: behind, path: url, method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => request.socket.destroy());
      request.pipe(onward);
    };
    const secure = https.createServer({ key: await readFile(key), cert: await readFile(certificate) }, pass);
    const door = net.createServer((socket) => {
      socket.once("data", (first) => {
        socket.pause();
        socket.unshift(first);
        (first[0] === TLS_HANDSHAKE ? secure : away).emit("connection", socket);
        process.nextTick(() => socket.resume());
      });
      socket.on("error", () => socket.destroy());
    });
    door.listen(port, "localhost");
    await once(door, "listening");
    return new TlsFront(port, certificate, [door, secure, away]);
  }

  end(): void {
    for (const server of this.servers) server.close();
  }
}
