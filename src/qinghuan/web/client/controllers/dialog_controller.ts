import htmx from "htmx.org";
import { Controller } from "./controller";

/**
 * Opens a dialog: `data-dialog="id"` one on the page, or a link's own page within one.
 *
 * Without script the link simply leads to the page.
 */
export class DialogController extends Controller {
  connect(): void {
    this.on(this.element, "click", (event) => this.open(event));
  }

  /** Show the dialog as a modal. */
  open(event: Event): void {
    const dialog = document.getElementById(this.element.dataset.dialog ?? "sheet");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    const href = this.element.dataset.source;
    const body = dialog.querySelector<HTMLElement>("[data-part=body]");
    if (href && body) void htmx.ajax("get", href, { target: body, swap: "innerHTML" });
    if (!dialog.open) dialog.showModal();
  }
}
