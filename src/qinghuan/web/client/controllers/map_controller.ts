import type { MapScreen } from "../map/map_screen";
import { Controller } from "./controller";

/**
 * A map in its place: the heavy part is loaded only where a map is asked for.
 *
 * `data-source` gives the features (JSON); `data-pad` names the panels the camera keeps clear.
 */
export class MapController extends Controller {
  #screen: MapScreen | null = null;

  connect(): void {
    void this.#open();
    this.on(document, "qh:theme", () => this.#screen?.repaint());
    this.on(document, "qh:live", (event) => {
      const topics = (this.element.dataset.topics ?? "map").split(" ");
      const topic = (event as CustomEvent<string>).detail;
      if (topic === "*" || topics.includes(topic)) void this.#reload();
    });
    this.later(() => this.#screen?.remove());
  }

  async #open(): Promise<void> {
    try {
      const { openMap } = await import("../map/map_screen");
      this.#screen = await openMap(this.element, await this.#features());
      this.element.dataset.ready = "";
      this.part("fallback")?.remove();
    } catch (error) {
      console.warn("map not opened:", error);
      this.element.dataset.failed = "";
    }
  }

  async #reload(): Promise<void> {
    if (this.#screen) this.#screen.update(await this.#features());
  }

  async #features(): Promise<import("../map/features").MapFeatures> {
    const answer = await fetch(this.element.dataset.source ?? "", {
      headers: { Accept: "application/json", "X-Automatic": "1" },
    });
    if (!answer.ok) throw new Error(`map features: ${answer.status}`);
    return (await answer.json()) as import("../map/features").MapFeatures;
  }
}
