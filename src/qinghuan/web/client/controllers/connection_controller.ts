import { Controller } from "./controller";

/**
 * Holds the page's one event stream and says whether it is alive.
 *
 * Each message names one component (`law`, `feed`, `case:…`); it is passed on as `qh:live`.
 * After a break everything is asked for anew, because messages were missed.
 */
export class ConnectionController extends Controller {
  #source: EventSource | null = null;
  #wasBroken = false;

  connect(): void {
    this.#open();
    this.on(document, "visibilitychange", () => {
      if (!document.hidden) announce("*");
    });
    this.later(() => this.#source?.close());
  }

  #open(): void {
    const source = new EventSource(this.element.dataset.stream ?? "/events");
    this.#source = source;
    source.onopen = () => {
      this.#say("ok", this.word("online"));
      if (this.#wasBroken) announce("*");
      this.#wasBroken = false;
    };
    source.onmessage = (event) => announce(String(event.data));
    source.onerror = () => {
      this.#wasBroken = true;
      this.#say("warn", this.word("offline"));
    };
  }

  #say(state: string, text: string): void {
    this.element.dataset.s = state;
    const label = this.part("label");
    if (label) label.textContent = text;
  }
}

function announce(topic: string): void {
  document.dispatchEvent(new CustomEvent("qh:live", { detail: topic }));
}
