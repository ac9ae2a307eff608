// Starts what makes the page live: the service worker and the app. The page stands and reads
// without either; whatever fails here leaves it as it is.

// The only scripts anything here may start are this site's own.
function ownScript(url) {
  const { origin, pathname, href } = new URL(url, location.href);
  if (origin !== location.origin || !(pathname === "/sw.js" || pathname.startsWith("/assets/"))) {
    throw new TypeError("not a script of this site");
  }
  return href;
}
const policy = globalThis.trustedTypes?.createPolicy("socle", { createScriptURL: ownScript }) ?? {
  createScriptURL: ownScript,
};

const files = { icons: "{{icons.svg}}", worker: "{{worker.js}}", locales: {{locales}} };

// What the app (WASM) calls: things that only script can do under our content security policy.
globalThis.socle = {
  files: JSON.stringify(files),
  worker: () => new Worker(policy.createScriptURL(files.worker), { type: "module", name: "replica" }),
};

let started;
function start() {
  started ??= Promise.all([registerServiceWorker(), startApp()]);
  return started;
}

async function registerServiceWorker() {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(policy.createScriptURL("/sw.js"), { updateViaCache: "none" });
  } catch (error) {
    // Private windows and storage switched off: reading goes on, with a network.
    console.warn("no copy can be kept here:", error.message);
  }
}

async function startApp() {
  if (typeof WebAssembly !== "object") return;
  try {
    const app = await import("{{app.js}}");
    await app.default({ module_or_path: "{{app.wasm}}" });
    await app.start();
  } catch (error) {
    console.warn("the page stays as the relay sent it:", error);
  }
}

// On a data-saver connection nothing heavy loads unasked: the person asks by tapping "keep", and
// pages that cannot do without the app say so themselves.
const sparing = navigator.connection?.saveData === true;
const needed = document.documentElement.dataset.app === "needed" || navigator.serviceWorker?.controller;
if (!sparing || needed) {
  if (document.documentElement.dataset.app === "needed") start();
  else if ("requestIdleCallback" in globalThis) requestIdleCallback(start, { timeout: 2000 });
  else setTimeout(start, 1);
} else {
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-keep]")) {
      event.preventDefault();
      start();
    }
  });
}
