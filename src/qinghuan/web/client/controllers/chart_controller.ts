import type { ChartScreen } from "../chart/chart_screen";
import { Controller } from "./controller";

/**
 * A chart in its place. `data-source` gives the series (JSON) and the table below the chart
 * holds the same figures for those who do not see it.
 */
export class ChartController extends Controller {
  #screen: ChartScreen | null = null;

  connect(): void {
    void this.#open();
    this.on(document, "qh:theme", () => this.#screen?.repaint());
    this.on(document, "qh:live", (event) => {
      const topics = (this.element.dataset.topics ?? "").split(" ");
      if (topics.includes((event as CustomEvent<string>).detail)) void this.#reload();
    });
    const watcher = new ResizeObserver(() => this.#screen?.resize());
    watcher.observe(this.element);
    this.later(() => watcher.disconnect());
    this.later(() => this.#screen?.remove());
  }

  async #open(): Promise<void> {
    try {
      const { openChart } = await import("../chart/chart_screen");
      this.#screen = openChart(this.element, await this.#series());
      this.element.dataset.ready = "";
      this.part("fallback")?.remove();
    } catch (error) {
      console.warn("chart not opened:", error);
      this.element.dataset.failed = "";
    }
  }

  async #reload(): Promise<void> {
    if (this.#screen) this.#screen.update(await this.#series());
  }

  async #series(): Promise<import("../chart/series").ChartData> {
    const answer = await fetch(this.element.dataset.source ?? "", {
      headers: { Accept: "application/json", "X-Automatic": "1" },
    });
    if (!answer.ok) throw new Error(`chart series: ${answer.status}`);
    return (await answer.json()) as import("../chart/series").ChartData;
  }
}
