/** The card a mark opens: who it is, its figure, and the way to its page. */

import type { MapGeoJSONFeature } from "maplibre-gl";
import * as maplibregl from "maplibre-gl";

const CLICKABLE = ["station-chips", "station-drops", "cases"];

export function openCards(map: maplibregl.Map, openWord: string): void {
  map.on("click", (event) => {
    const feature = map.queryRenderedFeatures(event.point, { layers: CLICKABLE })[0];
    if (feature?.geometry.type !== "Point") return;
    const [longitude, latitude] = feature.geometry.coordinates;
    new maplibregl.Popup({ closeButton: false, maxWidth: "none", offset: 14 })
      .setLngLat([longitude ?? 0, latitude ?? 0])
      .setDOMContent(card(feature, openWord))
      .addTo(map);
  });
  for (const layer of CLICKABLE) {
    map.on("mouseenter", layer, () => map.getCanvas().classList.add("is-over-mark"));
    map.on("mouseleave", layer, () => map.getCanvas().classList.remove("is-over-mark"));
  }
}

function card(feature: MapGeoJSONFeature, openWord: string): HTMLElement {
  const facts = feature.properties as Record<string, string>;
  const box = document.createElement("div");
  box.className = "pop slim";
  const head = document.createElement("header");
  const title = document.createElement("b");
  title.textContent = facts.title ?? facts.name ?? "";
  head.append(title);
  const body = document.createElement("div");
  body.className = "bd";
  const detail = document.createElement("p");
  detail.textContent = facts.detail ?? "";
  body.append(detail);
  if (facts.href) {
    const link = document.createElement("a");
    link.href = facts.href;
    link.textContent = openWord;
    body.append(link);
  }
  box.append(head, body);
  return box;
}
