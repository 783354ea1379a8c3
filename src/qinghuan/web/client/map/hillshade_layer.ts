/** Terrain shading: one picture laid under the edges, faint in the dark. */
import type { LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { Hillshade } from "./features";
import type { Tokens } from "./tokens";

export function hillshadeSource(hillshade: Hillshade): SourceSpecification {
  return { type: "image", url: absolute(hillshade.url), coordinates: hillshade.corners };
}

export function hillshade(tokens: Tokens): LayerSpecification {
  return {
    id: "hillshade",
    type: "raster",
    source: "hillshade",
    paint: {
      "raster-opacity": tokens.isDark ? 0.28 : 0.4,
      "raster-saturation": -1,
      "raster-fade-duration": 0,
    },
  };
}

function absolute(url: string): string {
  return new URL(url, document.baseURI).href;
}
