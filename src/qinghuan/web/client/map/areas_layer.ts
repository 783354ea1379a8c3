/** Areas: neighbours dashed on land, the caller's own on paper with a solid edge. */
import type { FeatureCollection, Point } from "geojson";
import type { LayerSpecification } from "maplibre-gl";
import type { AreaProperties, MapFeatures } from "./features";
import { FONT_STACK, type Tokens } from "./tokens";

/** Over a base map the areas only tint its land; without one they are the land. */
export function grounds(tokens: Tokens, isTint: boolean): LayerSpecification[] {
  return [
    {
      id: "land",
      type: "fill",
      source: "areas",
      filter: ["!", ["get", "is_own"]],
      paint: { "fill-color": tokens.colour("map-land"), "fill-opacity": isTint ? 0 : 1 },
    },
    {
      id: "focus",
      type: "fill",
      source: "areas",
      filter: ["get", "is_own"],
      paint: { "fill-color": tokens.colour("map-focus") },
    },
  ];
}

export function edges(tokens: Tokens): LayerSpecification[] {
  return [
    {
      id: "neighbour-edge",
      type: "line",
      source: "areas",
      filter: ["!", ["get", "is_own"]],
      paint: {
        "line-color": tokens.colour("map-line"),
        "line-width": tokens.px(1),
        "line-dasharray": [4, 3],
      },
    },
    {
      id: "own-edge",
      type: "line",
      source: "areas",
      filter: ["get", "is_own"],
      paint: { "line-color": tokens.colour("map-edge"), "line-width": tokens.px(1.5) },
    },
  ];
}

export function names(tokens: Tokens): LayerSpecification {
  return {
    id: "area-names",
    type: "symbol",
    source: "area-names",
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT_STACK,
      "text-size": ["case", ["get", "is_own"], tokens.px(18), tokens.px(14)],
      "text-letter-spacing": 0.2,
      "symbol-sort-key": ["case", ["get", "is_own"], 0, 1],
    },
    paint: {
      "text-color": tokens.colour("map-label"),
      "text-halo-color": tokens.colour("map-land"),
      "text-halo-width": tokens.px(1.6),
    },
  };
}

/** One point for each name, so that an area of many islands is named once. */
export function namePoints(areas: MapFeatures["areas"]): FeatureCollection<Point, AreaProperties> {
  return {
    type: "FeatureCollection",
    features: areas.features.map((area) => ({
      type: "Feature",
      geometry: { type: "Point", coordinates: area.properties.label },
      properties: area.properties,
    })),
  };
}
