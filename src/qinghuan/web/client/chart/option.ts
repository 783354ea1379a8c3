/** From data to an ECharts option: limits as lines, episodes as shaded spans, flags as marks. */
import type { ChartData, Point, Series } from "./series";
import { type Look, look, markColour } from "./theme";

type Option = Record<string, unknown>;

const BEIJING = "Asia/Shanghai";

export function optionOf(data: ChartData): Option {
  const { axis, text, tokens, lines } = look();
  const unit = data.series[0]?.unit ?? "";
  return {
    aria: { enabled: true, label: { description: data.title } },
    animation: false,
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
    yAxis: { type: "value", name: unit, scale: data.kind === "line", ...axis },
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
    data: series.points.map((point) => dot(point, colour, face)),
    connectNulls: false,
    symbol: "circle",
    symbolSize: (_: unknown, params: { data: { isMarked?: boolean } }) =>
      params.data.isMarked ? face.tokens.px(7) : face.tokens.px(4),
    showAllSymbol: series.points.length <= 200,
    showSymbol: series.points.length <= 200,
    lineStyle: {
      width: face.tokens.px(isFirst ? 1.8 : 1.2),
      type: series.is_forecast ? "dashed" : "solid",
      color: colour,
    },
    itemStyle: series.is_forecast ? { decal: { symbol: "line" } } : {},
    ...(isFirst ? { markLine: limits(data, face), markArea: spans(data, face) } : {}),
  };
}

function dot(point: Point, colour: string, face: Look): Option {
  const isMarked = point.flag !== "N" || point.state === "bad";
  return {
    value: [point.at, point.value],
    isMarked,
    flag: point.flag,
    itemStyle: {
      color: isMarked ? markColour(point.state, face.tokens, colour) : face.tokens.colour("bg-1"),
      borderColor: markColour(point.state, face.tokens, colour),
      borderWidth: 1.2,
    },
  };
}

function limits(data: ChartData, face: Look): Option {
  const colour = face.tokens.colour("bad");
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: colour, type: "dashed", width: 1 },
    label: { ...face.text, color: colour, position: "end", formatter: "{b} {c}" },
    data: data.limits.map((limit) => ({ name: limit.name, yAxis: limit.value })),
  };
}

function spans(data: ChartData, face: Look): Option {
  return {
    silent: true,
    itemStyle: { color: face.tokens.colour("bad-soft"), opacity: 0.7 },
    label: { ...face.text, color: face.tokens.colour("bad"), position: "insideTop" },
    data: data.spans.map((span) => [
      { name: span.name, xAxis: span.start_at },
      { xAxis: span.end_at },
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
  return [at ? beijing(at) : "", ...lines].join("\n");
}

function beijing(at: string): string {
  return new Date(at).toLocaleString("zh-CN", { timeZone: BEIJING, hour12: false });
}
