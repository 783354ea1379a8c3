import htmx from "htmx.org";
import { Controller } from "./controller";

/**
 * Fetches a component again when the stream names it.
 *
 * `data-topics="law feed"` says which names it answers to; `data-source` where its HTML is.
 * Several names within a breath become one fetch, and never more than one is on its way.
 */
export class LiveController extends Controller {
  #timer = 0;

  connect(): void {
    const topics = (this.element.dataset.topics ?? "").split(" ").filter(Boolean);
    this.on(document, "qh:live", (event) => {
      const topic = (event as CustomEvent<string>).detail;
      if (topic === "*" || topics.includes(topic)) this.refreshSoon();
    });
    this.on(this.element, "qh:refresh", () => this.refreshSoon());
    this.later(() => window.clearTimeout(this.#timer));
  }

  /** Fetch within half a second, once. */
  refreshSoon(): void {
    if (this.#timer) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      void this.#refresh();
    }, 500);
  }

  async #refresh(): Promise<void> {
    const source = this.element.dataset.source;
    if (!source || !this.element.isConnected || document.hidden) return;
    if (this.element.contains(document.activeElement) && this.element.dataset.yield !== undefined) {
      return;
    }
    await htmx.ajax("get", source, {
      target: this.element,
      swap: "outerHTML",
      headers: { "X-Automatic": "1" },
    });
  }
}
