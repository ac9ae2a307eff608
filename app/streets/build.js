// Bundles the street map. Under this site's Trusted Types nothing may become markup: the one place where
// Leaflet tries it while it loads is said otherwise here, the others are not used by `tiles.js`.
import { build } from "esbuild";
import { readFile } from "node:fs/promises";

const PROBE = "div.innerHTML = '<svg/>';";
const SAME = "div.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));";

const withoutMarkup = {
  name: "without-markup",
  setup({ onLoad }) {
    onLoad({ filter: /leaflet-src\.js$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      if (!source.includes(PROBE)) throw new Error(`${path} no longer says \`${PROBE}\`: look how it probes for SVG now`);
      return { contents: source.replace(PROBE, SAME) };
    });
  },
};

await build({
  entryPoints: ["tiles.js"],
  outdir: "built",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  loader: { ".png": "dataurl" },
  legalComments: "inline",
  logLevel: "warning",
  plugins: [withoutMarkup],
});
