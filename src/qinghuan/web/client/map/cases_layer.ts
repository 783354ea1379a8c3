/** Open cases: a diamond in its state's colour, up and right of its place. */
import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

const URGENCY: ExpressionSpecification = [
  "match",
  ["get", "state"],
  "bad",
  3,
  "warn",
  2,
  "run",
  1,
  0,
];

export function cases(): LayerSpecification {
  return {
    id: "cases",
    type: "symbol",
    source: "cases",
    layout: {
      "icon-image": ["concat", "case-", ["get", "state"]],
      "icon-allow-overlap": true,
      // a machine's case lies on its station: stand at the corner, so that both are read
      "icon-offset": [26, -18],
      "symbol-sort-key": URGENCY,
    },
  };
}
