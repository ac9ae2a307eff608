// WebKitGTK, over WebDriver (https://w3c.github.io/webdriver/) by its own driver. It has no
// headless mode: it is shown on a display that nobody sees.
import { setTimeout as pause } from "node:timers/promises";
import { Folder, Program, program, type Visitor } from "./visitor.ts";
import { freePort, type Relay } from "./relay.ts";

/** The name under which WebDriver hands over an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
/** How WebDriver writes the key Enter. */
const ENTER = "\uE007";

/** Its console cannot be read from outside: pages write down themselves what must not happen on them. */
const notes = `{
  const note = (text) => localStorage.setItem("complaints", (localStorage.getItem("complaints") ?? "") + "\\n" + text);
  addEventListener("error", ({ message }) => note(message));
  addEventListener("unhandledrejection", ({ reason }) => note(reason));
  addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => note(violatedDirective + " " + blockedURI));
}\n`;

export class WebKit implements Visitor {
  private readonly folder = new Folder();
  private display?: Program;
  private driver?: Program;
  private address = "";
  private session = "";

  private constructor(private readonly relay: Relay) {}

  static async start(relay: Relay): Promise<WebKit> {
    relay.rewritten.set("/assets/boot-", (script) => notes + script);
    const webkit = new WebKit(relay);
    try {
      await webkit.begin();
    } catch (error) {
      await webkit.end();
      throw error;
    }
    return webkit;
  }

  private async begin(): Promise<void> {
    const xvfb = program({ variable: "XVFB_BIN", names: ["Xvfb"], package: "xvfb", browser: "webkit" });
    const driver = program({ variable: "WEBKIT_DRIVER_BIN", names: ["WebKitWebDriver"], package: "webkit2gtk-driver", browser: "webkit" });

    // It takes a free display and writes its number on its fourth file.
    this.display = new Program(xvfb, ["-displayfd", "3", "-screen", "0", "800x800x24"]);
    const display = await this.display.says(/^(\d+)\n/m);

    const port = await freePort();
    this.address = `http://127.0.0.1:${port}`;
    const env = { ...process.env, DISPLAY: `:${display}`, HOME: this.folder.path, LC_ALL: "C.UTF-8", GSETTINGS_BACKEND: "memory" };
    this.driver = new Program(driver, [`--port=${port}`], { env });
    await this.ready();

    // Without a binary's name the driver takes the MiniBrowser that it was built with.
    const binary = process.env.MINIBROWSER_BIN ? { binary: process.env.MINIBROWSER_BIN } : {};
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { ...binary, args: ["--automation"] } } };
    const { sessionId } = await this.call("POST", "/session", { capabilities }).catch((error) => {
      throw new Error(`${error.message}: is its MiniBrowser there? MINIBROWSER_BIN names another one`);
    });
    this.session = `/session/${sessionId}`;
    // As near to a small phone as the browser's own bars allow.
    await this.call("POST", `${this.session}/window/rect`, { width: 360, height: 678 });
  }

  /** The driver does not say when it listens: it is asked until it answers. */
  private async ready(): Promise<void> {
    const until = Date.now() + 15_000;
    for (;;) {
      try {
        return void (await this.call("GET", "/status"));
      } catch (error) {
        if (Date.now() > until) throw error;
        await pause(20);
      }
    }
  }

  private async call(method: string, path: string, body?: object): Promise<any> {
    const answer = await fetch(this.address + path, { method, body: body && JSON.stringify(body) });
    const { value } = (await answer.json()) as any;
    if (!answer.ok) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  async complaints(): Promise<string[]> {
    return this.ask(() => (localStorage.getItem("complaints") ?? "").split("\n").slice(1));
  }

  async open(address: string): Promise<void> {
    await this.call("POST", `${this.session}/url`, { url: address });
  }

  /**
   * In a new window, the one before it closed: what is stored lives as long as the browser here,
   * driven browsers of this kind keep nothing on disk.
   */
  async startAnew(address: string): Promise<void> {
    const { handle } = await this.call("POST", `${this.session}/window/new`, { type: "window" });
    await this.call("DELETE", `${this.session}/window`);
    await this.call("POST", `${this.session}/window`, { handle });
    await this.open(address);
  }

  async ask<Args extends unknown[], Result>(question: (...args: Args) => Result, ...args: Args): Promise<Awaited<Result>> {
    const script = `const done = arguments[0];
      (async () => (${question})(...${JSON.stringify(args)}))().then((result) => done({ result }), (error) => done({ error: String(error) }));`;
    const { result, error } = await this.call("POST", `${this.session}/execute/async`, { script, args: [] });
    if (error !== undefined) throw new Error(error);
    return result;
  }

  async tap(selector: string): Promise<void> {
    await this.call("POST", `${await this.element(selector)}/click`, {});
  }

  async write(selector: string, text: string): Promise<void> {
    await this.call("POST", `${await this.element(selector)}/value`, { text: text + ENTER });
  }

  private async element(selector: string): Promise<string> {
    const found = await this.call("POST", `${this.session}/element`, { using: "css selector", value: selector });
    return `${this.session}/element/${found[ELEMENT]}`;
  }

  async end(): Promise<void> {
    this.relay.rewritten.delete("/assets/boot-");
    if (this.session) await this.call("DELETE", this.session).catch(() => {});
    await this.driver?.kill();
    await this.display?.kill();
    await this.folder.remove();
  }
}
