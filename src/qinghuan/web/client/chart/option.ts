/** From data to an ECharts option: limits as lines, episodes as shaded spans, flags as marks. */
import type { ChartData, Point, Series } from "./series";
import { type Look, look, markColour } from "./theme";

type Option = Record<string, unknown>;

const BEIJING_AHEAD_MS = 8 * 3_600_000;
/** More points than this are drawn as a bare line; marked ones keep their shapes. */
const DENSE = 200;
/** A limit this many times above all values would press them flat; it is named, not drawn. */
const FAR = 4;

export function optionOf(data: ChartData): Option {
  const { axis, text, tokens, lines } = look();
  const unit = data.series[0]?.unit ?? "";
  return {
    aria: { enabled: true, label: { description: data.title } },
    animation: false,
    // Beijing's wall clock is handed over as if it were UTC: ticks fall on its hours everywhere.
    useUTC: true,
    color: lines,
    textStyle: text,
    grid: {
      left: tokens.px(52),
      right: tokens.px(64),
      top: tokens.px(34),
      bottom: tokens.px(28),
    },
    legend: {
      show: data.series.length > 1,
      top: 0,
      right: 0,
      itemHeight: 2,
      textStyle: text,
      icon: "rect",
    },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: tokens.colour("bg-1"),
      borderColor: tokens.colour("line-ctl"),
      borderWidth: 1,
      textStyle: { ...text, color: tokens.colour("tx-1") },
      formatter: (chosen: unknown) => tip(chosen, data),
    },
    xAxis: { type: "time", ...axis, splitLine: { show: false } },
    yAxis: { type: "value", name: unit, ...range(data), ...axis },
    series: data.series.map((series, index) =>
      drawn(series, index === 0, data, { axis, text, tokens, lines }),
    ),
  };
}

function drawn(series: Series, isFirst: boolean, data: ChartData, face: Look): Option {
  const colour = isFirst ? face.tokens.colour("tx-1") : face.tokens.colour("tx-3");
  return {
    type: data.kind,
    name: series.name,
    data: series.points.map((point) => dot(point, colour, face, series.points.length > DENSE)),
    connectNulls: false,
    symbolSize: (_: unknown, params: { data: { isMarked?: boolean } }) =>
      params.data.isMarked ? face.tokens.px(8) : face.tokens.px(4),
    showAllSymbol: true,
    showSymbol: true,
    lineStyle: {
      width: face.tokens.px(isFirst ? 1.8 : 1.2),
      type: series.is_forecast ? "dashed" : "solid",
      color: colour,
    },
    itemStyle: series.is_forecast ? { decal: { symbol: "line" } } : {},
    ...(isFirst ? { markLine: limits(data, face), markArea: spans(data, face) } : {}),
  };
}

function dot(point: Point, colour: string, face: Look, isDense: boolean): Option {
  const isMarked = point.flag !== "N" || point.state === "bad";
  return {
    value: [wall(point.at), point.value],
    at: point.at,
    isMarked,
    flag: point.flag,
    symbol: shape(point, isDense),
    itemStyle: {
      color: isMarked ? markColour(point.state, face.tokens, colour) : face.tokens.colour("bg-1"),
      borderColor: markColour(point.state, face.tokens, colour),
      borderWidth: 1.2,
    },
  };
}

/** Shape tells what colour alone must not: over, flagged, changed. */
function shape(point: Point, isDense: boolean): string {
  if (point.flag === "N") return isDense && point.state !== "bad" ? "none" : "circle";
  return point.state === "warn" ? "diamond" : "triangle";
}

function limits(data: ChartData, face: Look): Option {
  const colour = face.tokens.colour("bad");
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: colour, type: "dashed", width: 1 },
    label: { ...face.text, color: colour, position: "end", formatter: "{b} {c}" },
    data: near(data).map((limit) => ({ name: limit.name, yAxis: limit.value })),
  };
}

function spans(data: ChartData, face: Look): Option {
  return {
    silent: true,
    itemStyle: { color: face.tokens.colour("bad-soft"), opacity: 0.7 },
    label: { ...face.text, color: face.tokens.colour("bad"), position: "insideTop" },
    data: data.spans.map((span) => [
      { name: span.name, xAxis: wall(span.start_at) },
      { xAxis: wall(span.end_at) },
    ]),
  };
}

function tip(chosen: unknown, data: ChartData): string {
  const rows = Array.isArray(chosen) ? chosen : [chosen];
  const lines = rows.map((row) => {
    const { seriesIndex, seriesName, value, data: point } = row;
    const unit = data.series[seriesIndex]?.unit ?? "";
    const flag = point.flag === "N" ? "" : `  ${data.words.flag} ${point.flag}`;
    return `${seriesName}  ${value[1] === null ? data.words.gap : `${value[1]} ${unit}`}${flag}`;
  });
  const at = rows[0]?.value?.[0];
  const far = data.limits.filter((limit) => !near(data).includes(limit));
  const beyond = far.map((limit) => `${limit.name}  ${limit.value}`);
  return [at ? written(at) : "", ...lines, ...beyond].join("\n");
}

/** Limits that can be drawn beside the values without pressing them flat. */
function near(data: ChartData): ChartData["limits"] {
  const highest = Math.max(...values(data).map(Math.abs));
  return data.limits.filter((limit) => Math.abs(limit.value) <= highest * FAR);
}

/** Ends of the value axis: limits within reach belong to it, and zero where it is not far. */
function range(data: ChartData): Option {
  if (data.kind !== "line") return {};
  const all = [...values(data), ...near(data).map((limit) => limit.value)];
  if (!all.length) return {};
  const lowest = Math.min(...all);
  const highest = Math.max(...all);
  const isNearZero = lowest >= 0 && lowest < highest * 0.7;
  if (isNearZero) return { min: 0, max: rounded(highest * 1.05) };
  const spare = (highest - lowest || Math.abs(highest) || 1) * 0.1;
  const step = 10 ** Math.floor(Math.log10(spare));
  return {
    min: Number((Math.floor((lowest - spare) / step) * step).toPrecision(12)),
    max: Number((Math.ceil((highest + spare) / step) * step).toPrecision(12)),
  };
}

function values(data: ChartData): number[] {
  return data.series.flatMap((series) =>
    series.points.flatMap((point) => (point.value === null ? [] : [Number(point.value)])),
  );
}

/** The next round number. */
function rounded(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((one) => one * power >= value) ?? 10;
  return Number((step * power).toPrecision(12));
}

/** Beijing's wall clock at an instant, as milliseconds that read the same in UTC. */
function wall(at: string): number {
  return new Date(at).getTime() + BEIJING_AHEAD_MS;
}

function written(wall_ms: number): string {
  return new Date(wall_ms).toISOString().slice(0, 16).replace("T", " ");
}
