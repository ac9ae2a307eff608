// The street map: Leaflet draws the vector tiles of one file, read from the phone or in pieces from the
// relay, with the guide's places on them. Nothing is asked of anybody else; nothing here becomes markup.
import * as L from "leaflet";
import "leaflet/dist/leaflet.css";
import "./streets.css";
import { PMTiles } from "pmtiles";
import { leafletLayer } from "protomaps-leaflet";

const MARK = { radius: 9, weight: 2, color: "#fff", fillColor: "#b3261e", fillOpacity: 1 };
const PERSON = { radius: 7, weight: 3, color: "#fff", fillColor: "#1a73e8", fillOpacity: 1, interactive: false };

/** A file that lies on this phone, as PMTiles reads it. */
class Kept {
  constructor(blob, key) {
    [this.blob, this.key] = [blob, key];
  }

  getKey() {
    return this.key;
  }

  async getBytes(offset, length) {
    return { data: await this.blob.slice(offset, offset + length).arrayBuffer() };
  }
}

/**
 * Draws the map into `frame`. `places` are `[latitude, longitude, name, address of its page]`, `here` is
 * where the person is, if known; `go` is told which page was tapped. Gives whose map it is.
 */
export async function draw(frame, { path, blob, places, here, language, words, go }) {
  const tiles = new PMTiles(blob ? new Kept(blob, path) : path);
  const [header, metadata] = await Promise.all([tiles.getHeader(), tiles.getMetadata()]);
  const drawn = L.latLngBounds([header.minLat, header.minLon], [header.maxLat, header.maxLon]);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(frame, {
    attributionControl: false,
    zoomControl: false,
    zoomAnimation: !calm,
    fadeAnimation: !calm,
    inertia: !calm,
    minZoom: header.minZoom,
    maxZoom: Math.max(18, header.maxZoom),
    maxBounds: drawn,
  });
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const flavor = dark ? "dark" : "light";
  leafletLayer({ url: tiles, flavor, lang: language, maxDataZoom: header.maxZoom }).addTo(map);
  for (const [latitude, longitude, name, href] of places) {
    // A text node, not text: Leaflet would read text as markup.
    const label = Object.assign(document.createElement("bdi"), { textContent: name });
    L.circleMarker([latitude, longitude], MARK).bindTooltip(label).on("click", () => go(href)).addTo(map);
  }
  if (here) L.circleMarker(here, PERSON).addTo(map);
  // What is in view is asked of the relay, unless the file lies here: it must not learn where the person is.
  const shown = here && blob ? [...places, here] : places;
  // A place beyond the tiles, the office in another town, is no reason to show the whole country.
  const points = shown.map(([latitude, longitude]) => L.latLng(latitude, longitude));
  const within = points.filter((point) => drawn.contains(point));
  map.fitBounds(within.length ? L.latLngBounds(within) : drawn, { padding: [24, 24], maxZoom: 16, animate: false });
  zoomButtons(frame, map, words);
  return { map, attribution: plain(metadata?.attribution) };
}

function zoomButtons(frame, map, words) {
  const buttons = document.createElement("div");
  buttons.className = "street-zoom";
  for (const [sign, label, act] of [["+", words.in, () => map.zoomIn()], ["−", words.out, () => map.zoomOut()]]) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: sign });
    button.setAttribute("aria-label", label);
    button.addEventListener("click", act);
    buttons.append(button);
  }
  L.DomEvent.disableClickPropagation(buttons);
  frame.append(buttons);
}

/** Whose map it is, as text: the file says it as markup. */
function plain(markup) {
  return String(markup ?? "").replaceAll(/<[^>]*>/g, "");
}
