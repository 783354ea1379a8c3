import { Controller } from "./controller";

/** A `<details>` that behaves as a menu: Escape and a click outside close it. */
export class MenuController extends Controller {
  connect(): void {
    this.on(document, "click", (event) => {
      if (event.target instanceof Node && !this.element.contains(event.target)) this.close();
    });
    this.on(this.element, "keydown", (event) => {
      if ((event as KeyboardEvent).key !== "Escape") return;
      this.close();
      this.element.querySelector("summary")?.focus();
    });
  }

  /** Fold it. */
  close(): void {
    this.element.removeAttribute("open");
  }
}
