/** A graticule, so that a map without tiles still has a measure. */
import type { Feature, FeatureCollection, LineString } from "geojson";
import type { LayerSpecification } from "maplibre-gl";
import type { Tokens } from "./tokens";

const STEPS_DEG = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const LINES_ACROSS = 6;

export function grid(tokens: Tokens): LayerSpecification {
  return {
    id: "grid",
    type: "line",
    source: "grid",
    paint: { "line-color": tokens.colour("map-grid"), "line-width": tokens.px(1) },
  };
}

/** Lines over three times the bounds, at the round step that gives about six across. */
export function gridLines([west, south, east, north]: [
  number,
  number,
  number,
  number,
]): FeatureCollection<LineString> {
  const width = Math.max(east - west, north - south, 0.01);
  const step = STEPS_DEG.find((candidate) => width / candidate <= LINES_ACROSS) ?? 10;
  const from = (low: number) => Math.floor((low - 2 * width) / step);
  const to = (high: number) => Math.ceil((high + 2 * width) / step);
  const lines: Feature<LineString>[] = [];
  for (let n = from(west); n <= to(east); n += 1) {
    lines.push(line([n * step, from(south) * step], [n * step, to(north) * step]));
  }
  for (let n = from(south); n <= to(north); n += 1) {
    lines.push(line([from(west) * step, n * step], [to(east) * step, n * step]));
  }
  return { type: "FeatureCollection", features: lines };
}

function line(start: [number, number], end: [number, number]): Feature<LineString> {
  return {
    type: "Feature",
    geometry: { type: "LineString", coordinates: [start, end] },
    properties: {},
  };
}
