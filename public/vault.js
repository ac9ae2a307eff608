// The lock of a member's copy: its rows and the device's key are sealed with AES-GCM, under a key that
// only a PIN or a passphrase opens. It lives in the replica's worker and is forgotten with it.

// A sealed row begins with this byte, then its nonce; JSON begins with "{", a document with 0x85.
const SEALED = 1;
const NONCE_BYTES = 12;
const ROUNDS = 600_000;
const AES = { name: "AES-GCM", length: 256 };
const ECDSA = { name: "ECDSA", namedCurve: "P-256" };
const ROWS = ["own", "records", "summaries", "outbox", "acknowledged", "drafts", "authors"];
const STORES = [...ROWS, "keys", "versions"];
const { subtle } = crypto;

// The key that is open, and the lock it is of.
let held;

/** Seals rows for the replica, under the lock with this id. */
async function seal(rows, id) {
  if (held?.id !== id) throw "locked";
  return Promise.all(rows.map((row) => sealed(held.key, row)));
}

/** Rows as they were; those that are not sealed stay as they are. */
async function open(rows) {
  return Promise.all(rows.map((row) => (row[0] === SEALED ? opened(held?.key, row) : row)));
}

/** The device's pair of keys, to be used and not read. */
async function pair(kept) {
  if (kept.privateKey) return kept;
  const [bytes] = await open([kept.sealed]);
  return { publicKey: kept.publicKey, privateKey: await subtle.importKey("pkcs8", bytes, ECDSA, false, ["sign"]) };
}

globalThis.vault = { seal, open, pair };

async function sealed(key, row) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const within = new Uint8Array(await subtle.encrypt({ name: AES.name, iv }, key, row));
  const whole = new Uint8Array(1 + NONCE_BYTES + within.length);
  whole.set([SEALED, ...iv]);
  whole.set(within, 1 + NONCE_BYTES);
  return whole;
}

async function opened(key, row) {
  if (!key) throw "locked";
  const [iv, within] = [row.subarray(1, 1 + NONCE_BYTES), row.subarray(1 + NONCE_BYTES)];
  return new Uint8Array(await subtle.decrypt({ name: AES.name, iv }, key, within));
}

/** What the page asks of the lock comes with a port for the answer; the rest is for the replica. */
export async function hear({ data, ports: [port] }) {
  if (!port) return;
  const { ask, guide, ...rest } = JSON.parse(data.vault);
  const answer = await asked(ask, guide, rest).catch((error) => ({ trouble: String(error) }));
  port.postMessage(JSON.stringify(answer));
}

async function asked(ask, guide, rest) {
  const store = await Store.open(guide);
  try {
    if (ask === "unsent") return { batches: await unsent(store) };
    const wrong = (await asks[ask](store, rest)) === false;
    const lock = await store.lock();
    return { set: !!lock, open: !!lock && held?.id === lock.id, tries: lock?.tries ?? 0, failed: lock?.failed ?? 0, wrong };
  } finally {
    store.close();
  }
}

/** The sealed batches that wait for the relay, as hexadecimal digits. */
async function unsent(store) {
  const { rows } = await store.read();
  const outbox = rows.filter(([name]) => name === "outbox").map(([, , value]) => value);
  return (await open(outbox)).map((row) => JSON.parse(new TextDecoder().decode(row)).sealed);
}

// Each answers `false` where PIN or passphrase is wrong.
const asks = {
  async status() {},

  async unlock(store, { secret }) {
    const found = await attempt(store, secret);
    if (!found) return false;
    held = { id: found.id, key: await unreadable(found.key) };
  },

  async set(store, { secret, tries }) {
    const key = await subtle.generateKey(AES, true, ["encrypt", "decrypt"]);
    const lock = { id: crypto.randomUUID(), ...(await wrapped(key, secret)), tries, failed: 0 };
    await store.rewrite(lock, (row) => sealed(key, row), async ({ publicKey, privateKey }) => {
      return { publicKey, sealed: await sealed(key, new Uint8Array(await subtle.exportKey("pkcs8", privateKey))) };
    });
    held = { id: lock.id, key: await unreadable(key) };
    store.tell();
  },

  async change(store, { secret, next, tries }) {
    const found = await attempt(store, secret);
    if (!found) return false;
    const renewed = await wrapped(found.key, next);
    await store.update((lock) => ({ ...lock, ...renewed, tries }));
  },

  async remove(store, { secret }) {
    const found = await attempt(store, secret);
    if (!found) return false;
    await store.rewrite(undefined, (row) => (row[0] === SEALED ? opened(found.key, row) : row), async (kept) => {
      const bytes = await opened(found.key, kept.sealed);
      return { publicKey: kept.publicKey, privateKey: await subtle.importKey("pkcs8", bytes, ECDSA, true, ["sign"]) };
    });
    store.tell();
  },

  async destroy(store) {
    await store.destroy();
    store.tell();
  },
};

// Counted before it is tried, so that starting again gives no further try.
async function attempt(store, secret) {
  const lock = await store.update((lock) => ({ ...lock, failed: lock.failed + 1 }));
  const spent = lock.tries > 0 && lock.failed > lock.tries;
  const key = spent ? undefined : await unwrapped(lock, secret).catch(() => undefined);
  if (key) await store.update((lock) => ({ ...lock, failed: 0 }));
  else if (lock.tries > 0 && lock.failed >= lock.tries) await asks.destroy(store);
  return key && { id: lock.id, key };
}

async function wrapped(key, secret) {
  const [salt, iv] = [16, NONCE_BYTES].map((bytes) => crypto.getRandomValues(new Uint8Array(bytes)));
  const within = await subtle.wrapKey("raw", key, await wrapping(secret, salt, ROUNDS), { name: AES.name, iv });
  return { salt, rounds: ROUNDS, iv, wrapped: new Uint8Array(within) };
}

async function unwrapped({ salt, rounds, iv, wrapped }, secret) {
  const by = await wrapping(secret, salt, rounds);
  return subtle.unwrapKey("raw", wrapped, by, { name: AES.name, iv }, AES, true, ["encrypt", "decrypt"]);
}

async function wrapping(secret, salt, iterations) {
  const written = await subtle.importKey("raw", new TextEncoder().encode(normal(secret)), "PBKDF2", false, ["deriveKey"]);
  return subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, written, AES, false, ["wrapKey", "unwrapKey"]);
}

async function unreadable(key) {
  return subtle.importKey("raw", await subtle.exportKey("raw", key), AES, false, ["encrypt", "decrypt"]);
}

// The same from every keyboard: digits of any script are those of ASCII.
function normal(secret) {
  const isDigit = (code) => /\p{Nd}/u.test(String.fromCodePoint(code));
  return secret.trim().normalize("NFKC").replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0);
    let value = 0;
    while (value < 9 && isDigit(code - value - 1)) value++;
    return String(value);
  });
}

/** One guide's part of the browser's database; rows are kept by `[guide, name]`. */
class Store {
  constructor(database, guide) {
    this.database = database;
    this.guide = guide;
    this.all = IDBKeyRange.bound([guide], [guide, []], true);
  }

  static async open(guide) {
    const request = indexedDB.open("socle");
    // Where there is none, none is made.
    request.onupgradeneeded = () => request.transaction.abort();
    const database = await done(request);
    database.onversionchange = () => database.close();
    return new Store(database, guide);
  }

  close() {
    this.database.close();
  }

  writing() {
    return this.database.transaction(STORES, "readwrite", { durability: "strict" });
  }

  lock() {
    return done(this.database.transaction("keys").objectStore("keys").get([this.guide, "lock"]));
  }

  async update(change) {
    const writing = this.writing();
    const keys = writing.objectStore("keys");
    const lock = await done(keys.get([this.guide, "lock"]));
    if (!lock) throw "there is no lock";
    const changed = change(lock);
    keys.put(changed, [this.guide, "lock"]);
    await finished(writing);
    return changed;
  }

  /** Every row and the device's key another way, with this lock or with none: all at once, or not at all. */
  async rewrite(lock, row, device) {
    for (;;) {
      const before = await this.read();
      const rows = await Promise.all(before.rows.map(async ([name, key, value]) => [name, key, await row(value)]));
      const kept = before.device && (await device(before.device));
      const writing = this.writing();
      const [keys, versions] = ["keys", "versions"].map((name) => writing.objectStore(name));
      const [version, other] = await Promise.all([done(versions.get([this.guide, "commits"])), done(keys.get([this.guide, "lock"]))]);
      if (other?.id !== before.lock?.id || !other === !lock) throw "another tab changed the lock";
      if (version !== before.version) continue;
      for (const [name, key, value] of rows) writing.objectStore(name).put(value, key);
      if (kept) keys.put(kept, [this.guide, "device"]);
      if (lock) keys.put(lock, [this.guide, "lock"]);
      else keys.delete([this.guide, "lock"]);
      // Whoever computed on the rows as they were does it again.
      versions.put(version + 1, [this.guide, "commits"]);
      return finished(writing);
    }
  }

  async read() {
    const reading = this.database.transaction(STORES);
    const of = (name) => reading.objectStore(name);
    const tables = ROWS.map(async (name) => {
      const [keys, values] = await Promise.all([done(of(name).getAllKeys(this.all)), done(of(name).getAll(this.all))]);
      return keys.map((key, at) => [name, key, values[at]]);
    });
    const single = [of("keys").get([this.guide, "lock"]), of("keys").get([this.guide, "device"]), of("versions").get([this.guide, "commits"])];
    const [lock, device, version] = await Promise.all(single.map(done));
    return { lock, device, version, rows: (await Promise.all(tables)).flat() };
  }

  /** Nothing of the member's copy is left. */
  async destroy() {
    held = undefined;
    const writing = this.database.transaction([...STORES, "settings"], "readwrite", { durability: "strict" });
    for (const name of STORES) writing.objectStore(name).delete(this.all);
    writing.objectStore("settings").delete([this.guide, "membership"]);
    await finished(writing);
  }

  /** The other tabs look again: `News::Changed` of `shared::link`. */
  tell() {
    const channel = new BroadcastChannel(`socle-${this.guide}`);
    channel.postMessage('{"changed":{"records":[]}}');
    channel.close();
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(writing) {
  return new Promise((resolve, reject) => {
    writing.oncomplete = () => resolve();
    writing.onabort = writing.onerror = () => reject(writing.error);
  });
}
