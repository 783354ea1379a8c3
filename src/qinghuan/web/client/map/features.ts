/** What the server sends a map: see `web/cockpit/schemas.py`. */
import type { FeatureCollection, MultiPolygon, Point, Polygon } from "geojson";

export interface AreaProperties {
  code: string;
  name: string;
  /** Within the caller's own area: solid edge, paper ground, larger name. */
  is_own: boolean;
  /** Where the name stands, WGS84 longitude and latitude. */
  label: [number, number];
}

export interface StationProperties {
  id: string;
  name: string;
  kind: "air" | "water" | "other";
  /** The figure on the chip: an index, a class in Roman, or a word. */
  text: string;
  /** 1–6 by the standard; 0 when there is no valid figure. */
  level: number;
  is_online: boolean;
  detail: string;
  href: string;
}

export interface CaseProperties {
  id: string;
  title: string;
  /** One of the six states. */
  state: string;
  detail: string;
  href: string;
}

export interface Hillshade {
  url: string;
  /** Corners from the north-west, clockwise. */
  corners: [[number, number], [number, number], [number, number], [number, number]];
}

export interface MapFeatures {
  /** West, south, east, north of what is to be seen. */
  bounds: [number, number, number, number];
  areas: FeatureCollection<Polygon | MultiPolygon, AreaProperties>;
  stations: FeatureCollection<Point, StationProperties>;
  cases: FeatureCollection<Point, CaseProperties>;
  hillshade: Hillshade | null;
  /** Addresses of the base map's GeoJSON layers; empty where a site has none. */
  base: Partial<Record<"land" | "water" | "roads" | "places", string>>;
}
