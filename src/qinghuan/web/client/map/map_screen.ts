/** One MapLibre map in an element: opened, updated, repainted in another theme. */
import * as maplibregl from "maplibre-gl";
import { namePoints } from "./areas_layer";
import { paddingOf } from "./camera";
import type { MapFeatures } from "./features";
import { addImages } from "./images";
import { openCards } from "./popup";
import { styleOf } from "./style";
import { readTokens } from "./tokens";

export interface MapScreen {
  /** Show new features without moving the camera. */
  update(features: MapFeatures): void;
  /** Take the page's theme as it is now. */
  repaint(): void;
  remove(): void;
}

export async function openMap(element: HTMLElement, first: MapFeatures): Promise<MapScreen> {
  let features = first;
  await loadStylesheet();
  maplibregl.setWorkerUrl(besideThis("maplibre-gl-worker.mjs"));
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  element.prepend(canvas);
  const tokens = readTokens();
  const map = new maplibregl.Map({
    container: canvas,
    style: styleOf(features, tokens),
    bounds: features.bounds,
    fitBoundsOptions: { padding: paddingOf(element) },
    localIdeographFontFamily: tokens.font,
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    maxPitch: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 100 }), "bottom-left");
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "bottom-right");
  map.on("style.load", () => addImages(map, readTokens()));
  openCards(map, element.dataset.open ?? "→");
  nameForReaders(map, element);
  map.on("idle", () => {
    element.dataset.idle = "";
  });
  return {
    update(next) {
      features = next;
      source(map, "areas")?.setData(next.areas);
      source(map, "area-names")?.setData(namePoints(next.areas));
      source(map, "stations")?.setData(next.stations);
      source(map, "cases")?.setData(next.cases);
    },
    repaint() {
      delete element.dataset.idle;
      map.setStyle(styleOf(features, readTokens()), { diff: false });
    },
    remove: () => map.remove(),
  };
}

function source(map: maplibregl.Map, id: string): maplibregl.GeoJSONSource | undefined {
  return map.getSource<maplibregl.GeoJSONSource>(id);
}

function nameForReaders(map: maplibregl.Map, element: HTMLElement): void {
  const canvas = map.getCanvas();
  canvas.setAttribute("aria-label", element.getAttribute("aria-label") ?? "");
}

function besideThis(name: string): string {
  return new URL(`./${name}`, import.meta.url).href;
}

function loadStylesheet(): Promise<void> {
  const href = besideThis("maplibre-gl.css");
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = () => resolve();
    link.onerror = () => reject(new Error("map stylesheet"));
    document.head.prepend(link);
  });
}
