import { Controller } from "./controller";

/** The wall's time, in Beijing, kept to the server's clock (`data-now`, ISO). */
export class NowController extends Controller {
  connect(): void {
    const server_ms = Date.parse(this.element.dataset.now ?? "");
    if (Number.isNaN(server_ms)) return;
    document.documentElement.dataset.skewMs = String(server_ms - Date.now());
    this.every(1_000, () => this.show(Date.now()));
  }

  /** Write the time of day. */
  show(now_ms: number): void {
    const skew_ms = Number(document.documentElement.dataset.skewMs ?? 0);
    const time = this.part("time");
    if (!time) return;
    time.textContent = new Date(now_ms + skew_ms).toLocaleTimeString("zh-CN", {
      timeZone: "Asia/Shanghai",
      hour12: false,
    });
  }
}
