/** The whole style, built from the tokens: nothing is fetched from anywhere. */
import type { SourceSpecification, StyleSpecification } from "maplibre-gl";
import { edges, grounds, namePoints, names } from "./areas_layer";
import {
  baseSources,
  hasBase,
  landLayers,
  placeLayers,
  roadLayers,
  waterLayers,
} from "./base_layer";
import { cases } from "./cases_layer";
import type { MapFeatures } from "./features";
import { grid, gridLines } from "./grid_layer";
import { hillshade, hillshadeSource } from "./hillshade_layer";
import { stations } from "./stations_layer";
import type { Tokens } from "./tokens";

export function styleOf(features: MapFeatures, tokens: Tokens): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {
    areas: { type: "geojson", data: features.areas },
    "area-names": { type: "geojson", data: namePoints(features.areas) },
    grid: { type: "geojson", data: gridLines(features.bounds) },
    stations: { type: "geojson", data: features.stations },
    cases: { type: "geojson", data: features.cases },
  };
  Object.assign(sources, baseSources(features));
  if (features.hillshade) sources.hillshade = hillshadeSource(features.hillshade);
  return {
    version: 8,
    sources,
    layers: [
      {
        id: "sea",
        type: "background",
        paint: { "background-color": tokens.colour("map-sea") },
      },
      ...landLayers(features, tokens),
      ...grounds(tokens, hasBase(features)),
      ...(features.hillshade ? [hillshade(tokens)] : []),
      ...waterLayers(features, tokens),
      ...roadLayers(features, tokens),
      grid(tokens),
      ...edges(tokens),
      ...placeLayers(features, tokens),
      names(tokens),
      ...stations(tokens),
      cases(),
    ],
  };
}
