/** The site's own base map: land, water, roads and names, in the map's tokens. */
import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { MapFeatures } from "./features";
import { FONT_STACK, type Tokens } from "./tokens";

const LAYERS = ["land", "water", "roads", "places"] as const;
const NEAR_ZOOM = 10.5;

export function hasBase(features: MapFeatures): boolean {
  return features.base.land !== undefined;
}

export function baseSources(features: MapFeatures): Record<string, SourceSpecification> {
  const found: Record<string, SourceSpecification> = {};
  for (const layer of LAYERS) {
    const address = features.base[layer];
    if (address) {
      found[`base-${layer}`] = { type: "geojson", data: new URL(address, document.baseURI).href };
    }
  }
  return found;
}

export function landLayers(features: MapFeatures, tokens: Tokens): LayerSpecification[] {
  if (!features.base.land) return [];
  return [
    {
      id: "base-land",
      type: "fill",
      source: "base-land",
      filter: kind("land"),
      paint: { "fill-color": tokens.colour("map-land") },
    },
    {
      id: "base-border",
      type: "line",
      source: "base-land",
      filter: kind("neighbour-border"),
      paint: {
        "line-color": tokens.colour("map-line"),
        "line-width": tokens.px(1),
        "line-dasharray": [4, 3],
      },
    },
  ];
}

export function waterLayers(features: MapFeatures, tokens: Tokens): LayerSpecification[] {
  const layers: LayerSpecification[] = [];
  if (features.base.land) {
    layers.push({
      id: "base-built-up",
      type: "fill",
      source: "base-land",
      filter: kind("built-up"),
      paint: { "fill-color": tokens.colour("line"), "fill-opacity": 0.45 },
    });
  }
  if (features.base.water) {
    layers.push(
      {
        id: "base-river",
        type: "line",
        source: "base-water",
        filter: kind("river"),
        paint: { "line-color": tokens.colour("map-sea"), "line-width": tokens.px(1.4) },
      },
      {
        id: "base-reservoir",
        type: "fill",
        source: "base-water",
        filter: kind("reservoir"),
        paint: { "fill-color": tokens.colour("map-sea") },
      },
      {
        id: "base-isobath",
        type: "line",
        source: "base-water",
        filter: kind("isobath"),
        paint: { "line-color": tokens.colour("map-grid"), "line-width": tokens.px(0.8) },
      },
    );
  }
  return layers;
}

export function roadLayers(features: MapFeatures, tokens: Tokens): LayerSpecification[] {
  if (!features.base.roads) return [];
  return [
    {
      id: "base-roads",
      type: "line",
      source: "base-roads",
      paint: {
        "line-color": tokens.colour("map-line"),
        "line-opacity": 0.55,
        "line-width": [
          "match",
          ["get", "kind"],
          "expressway",
          tokens.px(1.8),
          "main",
          tokens.px(1.3),
          tokens.px(0.8),
        ],
      },
    },
  ];
}

export function placeLayers(features: MapFeatures, tokens: Tokens): LayerSpecification[] {
  if (!features.base.places) return [];
  const isEnglish = document.documentElement.lang === "en";
  const name: ExpressionSpecification = isEnglish
    ? ["coalesce", ["get", "name_en"], ["get", "name"]]
    : ["get", "name"];
  const isWater: ExpressionSpecification = ["in", ["get", "kind"], ["literal", ["sea", "bay"]]];
  const common = { "text-field": name, "text-font": FONT_STACK } as const;
  const paint = {
    "text-color": tokens.colour("map-label"),
    "text-halo-color": tokens.colour("map-land"),
    "text-halo-width": tokens.px(1.2),
  };
  return [
    {
      id: "base-waters",
      type: "symbol",
      source: "base-places",
      filter: isWater,
      layout: { ...common, "text-size": tokens.px(13), "text-letter-spacing": 0.3 },
      paint: { ...paint, "text-halo-color": tokens.colour("map-sea") },
    },
    {
      id: "base-towns",
      type: "symbol",
      source: "base-places",
      filter: ["!", isWater],
      minzoom: NEAR_ZOOM,
      layout: { ...common, "text-size": tokens.px(11) },
      paint,
    },
  ];
}

function kind(name: string): ExpressionSpecification {
  return ["==", ["get", "kind"], name];
}
