// Serves the site from the phone. Keeps the program (hashed files and the shell page); the guide
// itself is kept by the app in IndexedDB. Knows nothing of guides but whether a copy is stored.

const BUILD = "{{build}}";
// Needed to start with no network: kept whole or the installation fails and is tried again.
const CORE = {{core}};
// Other languages' words, icons: fetched one by one when asked for.
const REST = {{rest}};
// What members load: kept from the first time a members' page is opened.
const MEMBER = {{member}};

const CACHE = "socle-files";
const SHELL = `/shell?build=${BUILD}`;
const NETWORK_MS_MAX = 3000;
// Browsers from before 2022.
AbortSignal.timeout ??= (ms, late = new AbortController()) => (setTimeout(() => late.abort(), ms), late.signal);
const LISTED = new Set([...CORE, ...REST, ...MEMBER].filter((path) => path !== "/shell"));

self.addEventListener("install", (event) => {
  // What the relay alone can answer neither waits for this worker nor keeps it busy: an update and a wipe
  // wait until it is idle.
  event.addRoutes?.({ condition: { urlPattern: "/api/*" }, source: "network" });
  event.waitUntil(keepCore());
});
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

async function keepCore() {
  const cache = await caches.open(CACHE);
  // The names carry their content's hash: what is here already need not come again.
  for (const path of CORE) await keep(cache, path, path === "/shell" ? SHELL : path);
  // What this phone has of the version before it has of this one, too: words of its language, pages that are
  // opened seldom. There may be no network any more when this version takes over.
  const had = new Set((await cache.keys()).map(({ url }) => unhashed(new URL(url).pathname)));
  for (const path of LISTED) if (had.has(unhashed(path))) await keep(cache, path, path);
}

// Parts that a compiler numbers count as one.
const unhashed = (path) => path.replace(/(_\d+)?-[0-9a-f]{8}(?=\.\w+$)/, "");

async function keep(cache, path, name) {
  if (await cache.match(name)) return;
  const response = await fetch(path, { cache: path === "/shell" ? "no-cache" : "default" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  await cache.put(name, response);
}

async function takeOver() {
  const cache = await caches.open(CACHE);
  for (const request of await cache.keys()) {
    const { pathname, search } = new URL(request.url);
    const shell = pathname === "/shell" && pathname + search === SHELL;
    if (!shell && !LISTED.has(pathname) && !pathname.endsWith("/manifest.webmanifest")) await cache.delete(request);
  }
  await self.clients.claim();
}

self.addEventListener("message", (event) => {
  const { ask, paths } = event.data ?? {};
  const answer = (message) => event.ports[0]?.postMessage(message);
  // The person tapped "update": the next version takes over, and pages without unsaved work reload.
  if (ask === "update") event.waitUntil(self.skipWaiting());
  // The page that asks may have been on its way while this worker came: nobody gave it to the worker.
  else event.waitUntil(self.clients.claim());
  if (ask === "keep") event.waitUntil(keepAll(paths.filter((path) => LISTED.has(path)), answer));
  if (ask === "keep-member") event.waitUntil(keepAll(MEMBER, answer));
});

// One file after the other: what arrived stays, a later try goes on from there.
async function keepAll(paths, answer) {
  const cache = await caches.open(CACHE);
  const total = paths.length;
  let done = 0;
  for (const path of paths) {
    try {
      await keep(cache, path, path);
    } catch (error) {
      const full = error.name === "QuotaExceededError";
      return answer({ done, total, failed: full ? "full" : "network" });
    }
    done += 1;
    answer({ done, total });
  }
  if (total === 0) answer({ done, total });
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith("/assets/")) event.respondWith(fileFirst(request, url.pathname));
  else if (url.pathname.endsWith("/manifest.webmanifest")) event.respondWith(networkThenKept(request));
  else if (request.mode === "navigate" && isPage(url.pathname)) event.respondWith(page(request, url.pathname));
});

function isPage(path) {
  return !path.startsWith("/api/") && !/^\/(healthz|shell|sw\.js)$/.test(path);
}

// Reading makes no cache, and nothing is put where there is none: the phone was wiped, and this worker is
// on its way out.
const kept = (name) => caches.match(name, { cacheName: CACHE });

async function fetched(request, name) {
  const response = await fetch(request);
  if (name && response.ok && (await caches.has(CACHE))) {
    await (await caches.open(CACHE)).put(name, response.clone()).catch(() => {});
  }
  return response;
}

const fileFirst = async (request, path) => (await kept(path)) ?? fetched(request, LISTED.has(path) && path);

const networkThenKept = (request) => fetched(request, request).catch(async (error) => (await kept(request)) ?? Promise.reject(error));

// With a copy of the guide on the phone its pages come from the phone, at once; without one the
// relay is asked, and where it does not answer in time the shell says what is missing.
async function page(request, path) {
  const shell = await kept(SHELL);
  if (!shell) return fetch(request);
  const guide = path.split("/")[1] ?? "";
  if (isMembersPage(path) || (guide !== "" && path.split("/").length > 3 && (await hasCopy(guide)))) return shell;
  try {
    return await fetch(request, { signal: AbortSignal.timeout(NETWORK_MS_MAX) });
  } catch {
    return shell;
  }
}

function isMembersPage(path) {
  return /^\/[a-z0-9-]+\/(join$|[A-Za-z0-9-]+\/edit(\/|$))/.test(path);
}

// Whether an edition of the guide is stored. The database is the app's: never made from here.
function hasCopy(guide) {
  return new Promise((resolve) => {
    const opening = indexedDB.open("socle");
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = (event) => {
      event.preventDefault();
      resolve(false);
    };
    opening.onsuccess = () => {
      const db = opening.result;
      const close = (found) => {
        db.close();
        resolve(found);
      };
      if (!db.objectStoreNames.contains("editions")) return close(false);
      const count = db.transaction("editions").objectStore("editions").count(IDBKeyRange.bound([guide], [guide, []]));
      count.onsuccess = () => close(count.result > 0);
      count.onerror = () => close(false);
    };
  });
}
