import { Controller } from "./controller";
import { spoken } from "./duration";

/**
 * Counts a running clock down between two refreshes from the server.
 *
 * The server alone decides a breach: at zero this asks it, and shows `0` meanwhile.
 * Only clocks in continuous time count here (`data-ends`, ISO); working hours stand still
 * until the server speaks again.
 */
export class ClockController extends Controller {
  connect(): void {
    if (!this.element.dataset.ends) return;
    this.every(1_000, () => this.show(Date.now()));
  }

  /** Write what is left, or over, at a moment of the server's time. */
  show(now_ms: number): void {
    const ends_ms = Date.parse(this.element.dataset.ends ?? "");
    const left = this.part("left");
    if (Number.isNaN(ends_ms) || !left) return;
    const skew_ms = Number(document.documentElement.dataset.skewMs ?? 0);
    const left_s = (ends_ms - now_ms - skew_ms) / 1_000;
    if (left_s < 0 && this.element.dataset.breached === undefined) {
      this.#askServer();
      left.textContent = this.#text(0);
      return;
    }
    left.textContent = this.#text(left_s);
  }

  #text(left_s: number): string {
    const words = {
      day: this.word("day"),
      hour: this.word("hour"),
      minute: this.word("minute"),
      second: this.word("second"),
    };
    const pattern = left_s < 0 ? this.word("over") : this.word("leftWord");
    return pattern.replace("{}", spoken(left_s, words));
  }

  #askServer(): void {
    if (this.element.dataset.asked !== undefined) return;
    this.element.dataset.asked = "";
    this.element.dispatchEvent(new CustomEvent("qh:refresh", { bubbles: true }));
  }
}
