// Removes all that this site stored in this browser, by the buttons of the page about a phone in
// someone else's hands. A script of its own, kept from the first visit: it works with no network, and
// where the app does not start.

const DATABASE = "socle";
// Above any version of ours: while the database stands at it, no tab and no worker opens it.
const CLOSED = 2 ** 31;
// With a network the relay has the browser clear what scripts do not reach, such as its cache of files.
const RELAY_MS_MAX = 800;
// The service worker goes once what it is busy with is done, also when nobody waits for that any more.
const WORKER_MS_MAX = 800;

/** What a button with `data-wipe` does: `leave`, also over unsent work `even`, `read` on without
    keeping anything in this tab, or `keep` again. */
export async function wiped({ dataset: { wipe } }) {
  if (wipe === "keep") return again(() => sessionStorage.removeItem("socle-forgets"));
  const unsent = wipe === "even" ? [] : await waiting();
  if (unsent.length > 0) return warn(unsent);
  document.body.hidden = true;
  try {
    await empty(wipe !== "read");
  } catch (error) {
    // Said where the person is: the browser's own settings can do it.
    document.body.hidden = false;
    show("failed");
    throw error;
  }
  // The service worker serves a tab until it is gone, and opens its cache for that.
  await forget();
  if (wipe === "read") return again(() => sessionStorage.setItem("socle-forgets", "1"));
  globalThis.socle.leave(true);
}

function again(change) {
  change();
  location.reload();
}

function show(name) {
  const part = document.querySelector(`[data-wipe-${name}]`);
  part.hidden = false;
  part.focus();
  return part;
}

// The guides whose outbox holds work, and the way there.
function warn(guides) {
  // Where no language is chosen yet, in the one that the page is in.
  const language = location.pathname.split("/")[2] || document.documentElement.lang;
  const links = guides.map((guide) => {
    const link = Object.assign(document.createElement("a"), { href: `/${guide}/${language}/edit/outbox`, textContent: guide });
    return Object.assign(document.createElement("li"), { dir: "ltr" }).appendChild(link).parentNode;
  });
  show("unsent").querySelector("ul").replaceChildren(...links);
}

async function empty(leaves) {
  // Other tabs hear of a store that is cleared, if it held something, and go away.
  tried(() => localStorage.setItem(DATABASE, ""));
  tried(() => localStorage.clear());
  tried(() => sessionStorage.clear());
  const { unregistered } = await unregister();
  await Promise.all([close().then(remove), forget()]);
  // Not where the tab goes on: what it remembers of that would be cleared as well.
  const cleared = leaves && fetch("/api/wiped", { method: "POST", signal: AbortSignal.timeout(RELAY_MS_MAX) }).catch(() => {});
  await Promise.all([cleared, Promise.race([unregistered, new Promise((resolve) => setTimeout(resolve, WORKER_MS_MAX))])]);
}

// Asked for first, while the browser's storage is not busy with the rest: it happens then, whoever is gone.
async function unregister() {
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? [];
  // One that the browser clears at the relay's word just then is as well gone.
  const gone = (error) => error.name === "AbortError" || Promise.reject(error);
  return { unregistered: Promise.all(registrations.map((registration) => registration.unregister().catch(gone))) };
}

function tried(act) {
  try {
    act();
  } catch {
    // Storage is switched off: nothing is in it.
  }
}

async function forget() {
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
}

function asked(request, upgrade) {
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = upgrade;
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault();
      reject(request.error);
    };
  });
}

// First all rows go, and nobody opens the database any more; whoever has it open lets go of it when asked.
async function close() {
  if (!globalThis.indexedDB) return;
  const drop = ({ target: { result } }) => [...result.objectStoreNames].forEach((name) => result.deleteObjectStore(name));
  (await asked(indexedDB.open(DATABASE, CLOSED), drop)).close();
}

function remove() {
  return globalThis.indexedDB && asked(indexedDB.deleteDatabase(DATABASE));
}

// Guides with batches that wait or drafts: rows are kept by `[guide, name]`. No database is made by looking.
async function waiting() {
  if (!globalThis.indexedDB) return [];
  const opened = indexedDB.open(DATABASE);
  const database = await asked(opened, () => opened.transaction.abort()).catch(() => undefined);
  if (!database) return [];
  const keys = ["outbox", "drafts"].filter((name) => database.objectStoreNames.contains(name)).map((name) => {
    return asked(database.transaction(name).objectStore(name).getAllKeys());
  });
  const guides = (await Promise.all(keys)).flat().map(([guide]) => guide);
  database.close();
  return [...new Set(guides)];
}
