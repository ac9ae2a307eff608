// What stands in a phone's storage, read beside the app: to compare, and to find what does not fit.
import { expect, type Page } from "./socle.ts";

/** Every row of the phone's database by `store guide name`; bytes as a character each. */
export type Rows = Record<string, string>;

/** Of one moment. The app must have made its database before. */
export async function rows(page: Page): Promise<Rows> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await done(indexedDB.open("socle"));
    const stores = [...db.objectStoreNames];
    const tx = db.transaction(stores);
    const all = await Promise.all(
      stores.map((name) => {
        const store = tx.objectStore(name);
        return Promise.all([name, done(store.getAllKeys()), done(store.getAll())] as const);
      }),
    );
    db.close();
    const shown = (value: unknown) =>
      value instanceof Uint8Array ? Array.from(value, (byte) => String.fromCharCode(byte)).join("") : JSON.stringify(value);
    const entries = all.flatMap(([store, keys, values]) => keys.map((key, at) => [[store, ...(key as string[])].join(" "), shown(values[at])]));
    return Object.fromEntries(entries);
  });
}

/** The batches of one table, by their number and record. */
export function batches(rows: Rows, table: "outbox" | "acknowledged" | "drafts"): { batch: string; number: number; words: string }[] {
  return Object.entries(rows)
    .filter(([key]) => key.startsWith(`${table} `))
    .map(([key, words]) => ({ batch: JSON.parse(words).batch, number: parseInt(key.split(" ")[2], 16), words }));
}

/** Every row reads as what it is, and no work stands in two places. */
export function expectSound(rows: Rows): void {
  for (const [key, value] of Object.entries(rows)) {
    const [store] = key.split(" ");
    // The beginning of every Automerge document.
    if (store === "records") expect(value.slice(0, 4), key).toBe("\x85\x6f\x4a\x83");
    else if (["own", "summaries", "outbox", "acknowledged", "drafts", "authors"].includes(store)) JSON.parse(value);
  }
  const own = Object.entries(rows).find(([key]) => key.startsWith("own "));
  const all = (["outbox", "acknowledged", "drafts"] as const).flatMap((table) => batches(rows, table));
  for (const of of ["batch", "number"] as const) expect(new Set(all.map((one) => one[of])).size, `a ${of} stands once`).toBe(all.length);
  const last = Math.max(0, ...all.map(({ number }) => number));
  expect(last, "numbers of batches are given once").toBeLessThanOrEqual(own ? (JSON.parse(own[1]).next ?? 0) : 0);
}
