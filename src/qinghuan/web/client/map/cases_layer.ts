/** Open cases: a diamond in its state's colour. */
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
      "symbol-sort-key": URGENCY,
    },
  };
}
