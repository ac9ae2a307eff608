// Readers' other browsers. Playwright drives only builds of Firefox and WebKit that it patched
// itself; the ones people have are driven by the standards they speak: see firefox.ts, webkit.ts.
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** What a tour needs of a browser. */
export interface Visitor {
  open(address: string): Promise<void>;
  /** Opens an address as on another day: nothing of the pages before is left but what is stored. */
  startAnew(address: string): Promise<void>;
  /** What a function gives on the page; it stands alone, its arguments and result are JSON. */
  ask<Args extends unknown[], Result>(question: (...args: Args) => Result, ...args: Args): Promise<Awaited<Result>>;
  tap(selector: string): Promise<void>;
  /** Writes into a field and presses Enter. */
  write(selector: string, text: string): Promise<void>;
  /** Errors of the pages, and whatever our content security policy or Trusted Types forbade. */
  complaints(): Promise<string[]>;
  end(): Promise<void>;
}

/** `SOCLE_E2E_WITHOUT=firefox,webkit` leaves browsers out; nothing else does. */
export function leftOut(browser: "firefox" | "webkit"): boolean {
  return (process.env.SOCLE_E2E_WITHOUT ?? "").split(",").includes(browser);
}

/** A program: named by a variable, or on PATH. */
export function program(wanted: { variable: string; names: string[]; package: string; browser: string }): string {
  const named = process.env[wanted.variable];
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const places = named ? [named] : wanted.names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  const found = places.find(executable);
  if (found) return found;
  const what = named ? `${wanted.variable} names ${named}, which is no program` : `${wanted.names[0]} is missing`;
  throw new Error(
    `${what}: install it (Debian: apt-get install ${wanted.package}), name it in ${wanted.variable}, ` +
      `or leave these tests out with SOCLE_E2E_WITHOUT=${wanted.browser}`,
  );
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A started program, ended together with all it started. */
export class Program {
  private readonly process: ChildProcess;
  private readonly printed: string[] = [];
  private heard: () => void = () => {};

  constructor(file: string, args: string[], options: SpawnOptions = {}) {
    // A group of its own: a browser is many processes.
    this.process = spawn(file, args, { stdio: ["ignore", "pipe", "pipe", "pipe"], detached: true, ...options });
    // Not in our group, it would outlive us.
    const last = () => this.signal();
    process.once("exit", last);
    this.process.once("exit", () => process.off("exit", last));
    for (const output of this.process.stdio.slice(1)) {
      output?.on("data", (chunk: Buffer) => {
        this.printed.push(String(chunk));
        this.heard();
      });
    }
  }

  /** Waits until it prints what fits, on any of its outputs; gives the first group. */
  says(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      this.heard = () => {
        const found = pattern.exec(this.printed.join(""));
        if (found) resolve(found[1]);
      };
      this.heard();
      this.process.once("error", reject);
      this.process.once("exit", () => reject(new Error(`it ended before it was ready:\n${this.printed.join("")}`)));
    });
  }

  async ended(): Promise<void> {
    if (this.running) await once(this.process, "exit");
  }

  async kill(): Promise<void> {
    this.signal();
    await this.ended();
  }

  private signal(): void {
    if (this.running && this.process.pid) process.kill(-this.process.pid, "SIGKILL");
  }

  private get running(): boolean {
    return this.process.exitCode === null && this.process.signalCode === null;
  }
}

/** A folder for a browser's own files. */
export class Folder {
  readonly path = mkdtempSync(path.join(tmpdir(), "socle-e2e-browser-"));

  remove(): Promise<void> {
    // A browser that was just ended may still be closing files.
    return rm(this.path, { recursive: true, force: true, maxRetries: 5 });
  }
}
