/** One ECharts chart in an element. */
import { BarChart, LineChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { optionOf } from "./option";
import type { ChartData } from "./series";

echarts.use([
  AriaComponent,
  BarChart,
  CanvasRenderer,
  GridComponent,
  LegendComponent,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
]);

export interface ChartScreen {
  update(data: ChartData): void;
  repaint(): void;
  resize(): void;
  remove(): void;
}

export function openChart(element: HTMLElement, first: ChartData): ChartScreen {
  let data = first;
  const canvas = document.createElement("div");
  canvas.className = "canvas";
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", first.title);
  element.prepend(canvas);
  const chart = echarts.init(canvas);
  const draw = () => chart.setOption(optionOf(data), { notMerge: true });
  draw();
  chart.on("click", (event) => follow(data.href, event.data));
  return {
    update(next) {
      data = next;
      draw();
    },
    repaint: draw,
    resize: () => chart.resize(),
    remove: () => chart.dispose(),
  };
}

/** Go to a chosen point's page: its raw frame. */
function follow(href: string, point: unknown): void {
  const at = (point as { at?: string } | null)?.at;
  if (href && at) window.location.assign(href.replace("{at}", encodeURIComponent(at)));
}
