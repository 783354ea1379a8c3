// Bundles the client into ../static/built: one light core, map and charts loaded on demand.
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { build } from "esbuild";

const out = "../static/built";
const kept = new Set([".lock"]);

await mkdir(out, { recursive: true });
for (const name of await readdir(out)) {
  if (!kept.has(name)) await rm(`${out}/${name}`, { recursive: true });
}

await build({
  entryPoints: { core: "core.ts" },
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "linked",
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
});

// MapLibre loads its worker as a file of its own; the content policy allows no blob worker.
for (const name of ["maplibre-gl-worker.mjs", "maplibre-gl.css"]) {
  await copyFile(`node_modules/maplibre-gl/dist/${name}`, `${out}/${name}`);
}
