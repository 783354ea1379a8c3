/** What the server sends a chart: see `web/charts.py`. */

export interface Point {
  /** ISO instant. */
  at: string;
  /** Null is a gap, never zero. */
  value: number | null;
  /** HJ 212 flag or our own; anything but N is marked. */
  flag: string;
  state: string;
}

export interface Series {
  name: string;
  unit: string;
  points: Point[];
  /** A forecast is dashed and hatched. */
  is_forecast: boolean;
}

export interface Limit {
  name: string;
  value: number;
}

/** A stretch of time that is shaded: an exceedance from its start to its end. */
export interface Span {
  name: string;
  start_at: string;
  end_at: string;
}

export interface ChartData {
  title: string;
  kind: "line" | "bar";
  series: Series[];
  limits: Limit[];
  spans: Span[];
  words: { gap: string; over: string; flag: string };
  /** Where a chosen point leads, with `{at}` for its instant; empty for nowhere. */
  href: string;
}
