// Firefox, over WebDriver BiDi (https://w3c.github.io/webdriver-bidi/), which it speaks by itself.
// Not by Playwright's channel `moz-firefox`: that asks for commands newer than those of the
// extended support release.
import { writeFile } from "node:fs/promises";
import { once } from "node:events";
import path from "node:path";
import WebSocket from "ws";
import { Folder, Program, program, type Visitor } from "./visitor.ts";

/** How WebDriver writes the key Enter. */
const ENTER = "\uE007";

export class Firefox implements Visitor {
  private readonly heard: string[] = [];
  private readonly profile = new Folder();
  private process!: Program;
  private connection!: Connection;
  private page = "";

  private constructor(private readonly file: string) {}

  static async start(): Promise<Firefox> {
    const file = program({ variable: "FIREFOX_BIN", names: ["firefox-esr", "firefox"], package: "firefox-esr", browser: "firefox" });
    const firefox = new Firefox(file);
    await writeFile(path.join(firefox.profile.path, "user.js"), 'user_pref("intl.accept_languages", "fr-FR, fr");\n');
    try {
      await firefox.begin();
    } catch (error) {
      await firefox.end();
      throw error;
    }
    return firefox;
  }

  private async begin(): Promise<void> {
    this.process = new Program(this.file, ["--headless", "--no-remote", "--profile", this.profile.path, "--remote-debugging-port", "0"]);
    const address = await this.process.says(/WebDriver BiDi listening on (ws:\S+)\n/);
    this.connection = await Connection.open(`${address}/session`);
    this.connection.heard = (event) => this.hear(event);
    await this.connection.send("session.new", { capabilities: {} });
    await this.connection.send("session.subscribe", { events: ["log.entryAdded"] });
    const { context } = await this.connection.send("browsingContext.create", { type: "tab" });
    this.page = context;
    await this.connection.send("browsingContext.setViewport", { context, viewport: { width: 360, height: 640 } });
  }

  private hear({ method, params }: Message): void {
    if (method !== "log.entryAdded") return;
    const thrown = params.type === "javascript" && params.level === "error";
    if (thrown || /Content-Security-Policy|Trusted ?Type|panicked/i.test(params.text ?? "")) this.heard.push(params.text);
  }

  async complaints(): Promise<string[]> {
    return this.heard;
  }

  async open(address: string): Promise<void> {
    await this.connection.send("browsingContext.navigate", { context: this.page, url: address, wait: "complete" });
  }

  /** Ends the browser and starts it on the same profile, as a phone that was switched off. */
  async startAnew(address: string): Promise<void> {
    await this.connection.send("browser.close", {});
    await this.process.ended();
    await this.begin();
    await this.open(address);
  }

  async ask<Args extends unknown[], Result>(question: (...args: Args) => Result, ...args: Args): Promise<Awaited<Result>> {
    const answer = await this.connection.send("script.evaluate", {
      expression: `(async () => JSON.stringify(await (${question})(...${JSON.stringify(args)})))()`,
      target: { context: this.page },
      awaitPromise: true,
    });
    if (answer.type === "exception") throw new Error(answer.exceptionDetails.text);
    return answer.result.value === undefined ? undefined : JSON.parse(answer.result.value);
  }

  async tap(selector: string): Promise<void> {
    const { nodes } = await this.connection.send("browsingContext.locateNodes", {
      context: this.page,
      locator: { type: "css", value: selector },
      maxNodeCount: 1,
    });
    if (nodes.length === 0) throw new Error(`nothing on the page is ${selector}`);
    await this.ask((selector) => document.querySelector(selector)?.scrollIntoView({ block: "center", inline: "center" }), selector);
    const origin = { type: "element", element: { sharedId: nodes[0].sharedId } };
    await this.act({
      type: "pointer",
      id: "finger",
      actions: [{ type: "pointerMove", x: 0, y: 0, origin }, { type: "pointerDown", button: 0 }, { type: "pointerUp", button: 0 }],
    });
  }

  async write(selector: string, text: string): Promise<void> {
    await this.tap(selector);
    const actions = [...text, ENTER].flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    await this.act({ type: "key", id: "keys", actions });
  }

  private async act(source: object): Promise<void> {
    await this.connection.send("input.performActions", { context: this.page, actions: [source] });
  }

  async end(): Promise<void> {
    this.connection?.close();
    await this.process?.kill();
    await this.profile.remove();
  }
}

// Whatever the protocol carries.
type Message = Record<string, any>;

/** Commands and their answers over one WebSocket. */
class Connection {
  heard: (event: Message) => void = () => {};
  private commands = 0;
  private readonly waiting = new Map<number, { resolve: (result: Message) => void; reject: (error: Error) => void }>();

  private constructor(private readonly socket: WebSocket) {
    socket.on("message", (data) => this.receive(JSON.parse(String(data))));
    socket.on("close", () => this.fail(new Error("the browser hung up")));
  }

  static async open(address: string): Promise<Connection> {
    // Node.js has a WebSocket of its own from 22 on; the tests run on 20 as well.
    const socket = new WebSocket(address);
    await once(socket, "open");
    return new Connection(socket);
  }

  send(method: string, params: object): Promise<Message> {
    this.commands += 1;
    this.socket.send(JSON.stringify({ id: this.commands, method, params }));
    return new Promise((resolve, reject) => this.waiting.set(this.commands, { resolve, reject }));
  }

  close(): void {
    this.socket.terminate();
  }

  private receive(message: Message): void {
    const command = this.waiting.get(message.id);
    if (!command) return this.heard(message);
    this.waiting.delete(message.id);
    if (message.type === "success") command.resolve(message.result);
    else command.reject(new Error(`${message.error}: ${message.message}`));
  }

  private fail(error: Error): void {
    for (const command of this.waiting.values()) command.reject(error);
    this.waiting.clear();
  }
}
