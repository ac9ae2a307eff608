// The street map below the sketch, where the relay has a file of vector tiles for the guide: shown when
// it is asked for, kept for times without a network when that is asked for. What draws it is fetched
// with it; the file's own bytes come in pieces, or from the phone.

const DRAWING = { script: "{{tiles.js}}", style: "{{tiles.css}}" };

/**
 * Fills `section`, which stays hidden where there is no such file. `words` are its texts as JSON; `look()`
 * says what to draw; `go(href)` opens a page of the app.
 */
export async function offer(section, guide, language, words, look, go) {
  const cache = await globalThis.caches?.open(`socle-streets-${guide}`).catch(() => undefined);
  const streets = new Streets(section, cache, { language, words: JSON.parse(words), look, go });
  const [ofTheirs, [kept]] = [await ofRelay(guide), await streets.paths()];
  streets.file = ofTheirs ?? (kept && { path: kept });
  if (!streets.file || !section.isConnected) return;
  await streets.say();
  section.hidden = false;
}

/** `{path, bytes}`, or nothing where the relay has none or is not reached. */
async function ofRelay(guide) {
  try {
    const response = await fetch(`/api/guides/${guide}/streets`);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

class Streets {
  constructor(section, cache, site) {
    Object.assign(this, { section, cache, ...site });
    this.frame = element("div", { className: "street-map", hidden: true });
    this.frame.setAttribute("role", "region");
    this.frame.setAttribute("aria-label", this.words.title);
    this.show = button(() => this.draw());
    this.keep = button(() => this.keepOrRemove());
    this.status = element("p", { className: "quiet" });
    this.status.setAttribute("role", "status");
    // Whose map it is, for as long as it is seen.
    this.attribution = element("p", { className: "quiet", hidden: true });
    section.append(element("h2", { textContent: this.words.title }), this.frame, this.attribution, this.show, this.keep, this.status);
  }

  /** Of the files that are kept here: the relay's own, or one from before it. */
  async paths() {
    return ((await this.cache?.keys()) ?? []).map(({ url }) => new URL(url).pathname);
  }

  /** What can be done now. A file from before serves until the newer one is kept. */
  async say() {
    const [earlier] = await this.paths();
    const newest = await this.cache?.match(this.file.path);
    this.kept = newest ?? (earlier && (await this.cache.match(earlier)));
    this.path = newest || !earlier ? this.file.path : earlier;
    this.show.textContent = this.words.show;
    this.show.hidden = !this.frame.hidden;
    this.removes = Boolean(newest);
    this.keep.textContent = newest ? this.words.remove : this.words.keep.replace("{size}", this.size());
    this.keep.hidden = !this.cache || !(newest || this.file.bytes);
    this.status.textContent = this.kept ? this.words.kept : "";
  }

  size() {
    const megabytes = (this.file.bytes / 1e6).toLocaleString(this.language, { maximumFractionDigits: 1 });
    return this.words.mb.replace("{n}", megabytes);
  }

  async draw() {
    this.show.disabled = true;
    try {
      const { draw } = await drawing();
      this.frame.hidden = false;
      const blob = await this.kept?.blob();
      const { language, words, go } = this;
      const { attribution } = await draw(this.frame, { path: this.path, blob, language, words, go, ...JSON.parse(this.look()) });
      await this.say();
      Object.assign(this.attribution, { textContent: attribution, hidden: !attribution });
    } catch (error) {
      console.warn("the street map is not drawn:", error);
      this.frame.hidden = true;
      this.status.textContent = this.words.failed;
    }
    this.show.disabled = false;
  }

  async keepOrRemove() {
    this.keep.disabled = true;
    if (this.removes) {
      await this.cache.delete(this.file.path);
      await this.say();
    } else {
      const failed = await this.fetchWhole();
      await this.say();
      if (failed) this.status.textContent = failed;
    }
    this.keep.disabled = false;
  }

  /** Fetches the file into the cache; gives what to say when that did not work. */
  async fetchWhole() {
    let done = 0;
    const progress = new TransformStream({
      transform: (chunk, controller) => {
        done += chunk.byteLength;
        this.status.textContent = this.words.progress.replace("{percent}", Math.floor((100 * done) / this.file.bytes));
        controller.enqueue(chunk);
      },
    });
    try {
      // What draws it, too: the service worker keeps what it passes on.
      await drawing();
      const response = await fetch(this.file.path);
      if (!response.ok) return this.words.failed;
      const { headers } = response;
      // Stored when it is whole; what breaks off on the way is not kept.
      await this.cache.put(this.file.path, new Response(response.body.pipeThrough(progress), { headers }));
      for (const path of await this.paths()) if (path !== this.file.path) await this.cache.delete(path);
      return undefined;
    } catch (error) {
      return error.name === "QuotaExceededError" ? this.words.full : this.words.failed;
    }
  }
}

async function drawing() {
  const [script] = await Promise.all([import(DRAWING.script), style(DRAWING.style)]);
  return script;
}

/** A stylesheet that is in force when this is done: what is drawn has its size from it. */
function style(href) {
  if (document.querySelector(`link[href="${href}"]`)) return undefined;
  return new Promise((resolve, reject) => {
    document.head.append(element("link", { rel: "stylesheet", href, onload: resolve, onerror: reject }));
  });
}

function button(act) {
  const made = element("button", { type: "button", className: "button" });
  made.addEventListener("click", act);
  return made;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
