/** Stations: air as an index chip, water as a drop with its class, others as a ring. */
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import { BOLD_STACK, FONT_STACK, type Tokens } from "./tokens";

const DARK_GROUNDS: ExpressionSpecification = [
  "all",
  ["==", ["get", "kind"], "air"],
  [">=", ["get", "level"], 5],
];

export function stations(tokens: Tokens): LayerSpecification[] {
  return [chips(tokens), drops(tokens), names(tokens)];
}

function chips(tokens: Tokens): LayerSpecification {
  return {
    id: "station-chips",
    type: "symbol",
    source: "stations",
    filter: ["!=", ["get", "kind"], "water"],
    layout: {
      "icon-image": ["concat", ["get", "kind"], "-", ["to-string", ["get", "level"]]],
      "icon-text-fit": "both",
      "icon-text-fit-padding": [tokens.px(2), tokens.px(6), tokens.px(2), tokens.px(6)],
      "text-field": ["get", "text"],
      "text-font": BOLD_STACK,
      "text-size": tokens.px(12),
      "icon-allow-overlap": true,
      "text-allow-overlap": true,
      "symbol-sort-key": ["get", "level"],
    },
    paint: {
      "text-color": [
        "case",
        DARK_GROUNDS,
        "#ffffff",
        ["==", ["get", "level"], 0],
        tokens.colour("tx-2"),
        "#101514",
      ],
    },
  };
}

function drops(tokens: Tokens): LayerSpecification {
  return {
    id: "station-drops",
    type: "symbol",
    source: "stations",
    filter: ["==", ["get", "kind"], "water"],
    layout: {
      "icon-image": ["concat", "water-", ["to-string", ["get", "level"]]],
      "icon-allow-overlap": true,
      "text-field": ["get", "text"],
      "text-font": BOLD_STACK,
      "text-size": tokens.px(11),
      "text-offset": [0, 0.35],
      "text-allow-overlap": true,
      "symbol-sort-key": ["get", "level"],
    },
    paint: {
      "text-color": ["case", ["==", ["get", "level"], 0], tokens.colour("tx-2"), "#101514"],
    },
  };
}

function names(tokens: Tokens): LayerSpecification {
  return {
    id: "station-names",
    type: "symbol",
    source: "stations",
    layout: {
      "text-field": ["get", "name"],
      "text-font": FONT_STACK,
      "text-size": tokens.px(11),
      "text-anchor": "top",
      "text-offset": [
        "case",
        ["==", ["get", "kind"], "water"],
        ["literal", [0, 1.6]],
        ["literal", [0, 1.15]],
      ],
      "text-optional": true,
      "text-max-width": 8,
    },
    paint: {
      "text-color": tokens.colour("map-label"),
      "text-halo-color": tokens.colour("map-focus"),
      "text-halo-width": tokens.px(1.4),
    },
  };
}
