import { Controller } from "./controller";

/**
 * Shows how far a form with files has been sent (`.prog` below it, part `bar`).
 *
 * Without script the form is posted as usual and the browser shows its own progress.
 */
export class UploadController extends Controller {
  connect(): void {
    this.on(this.element, "htmx:xhr:progress", (event) => {
      const { loaded, total } = (event as CustomEvent<{ loaded: number; total: number }>).detail;
      if (total > 0) this.show(loaded / total);
    });
  }

  /** Draw a share [0–1] that is done. */
  show(done_ratio: number): void {
    const percent = `${Math.round(done_ratio * 100)} %`;
    this.element.querySelector("[data-part=bar]")?.setAttribute("width", percent.replace(" ", ""));
    const label = this.part("label");
    if (label) label.textContent = percent;
  }
}
