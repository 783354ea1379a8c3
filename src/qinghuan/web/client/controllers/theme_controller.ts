import { Controller } from "./controller";

const THEMES = ["light", "dark", "sun"] as const;

/**
 * Changes the theme at once and tells the server, which writes it on the next page.
 *
 * The form works without this: it then posts and the page comes back in the new theme.
 */
export class ThemeController extends Controller {
  connect(): void {
    this.on(this.element, "submit", (event) => this.change(event));
  }

  /** Take the next theme in place of a page load. */
  change(event: Event): void {
    const form = this.element;
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    const body = new FormData(form, (event as SubmitEvent).submitter);
    const theme = String(body.get("theme"));
    document.documentElement.dataset.theme = theme;
    const next = THEMES[(THEMES.indexOf(theme as (typeof THEMES)[number]) + 1) % THEMES.length];
    const field = form.elements.namedItem("theme");
    if (field instanceof HTMLInputElement && field.type === "hidden") field.value = next ?? "light";
    document.dispatchEvent(new CustomEvent("qh:theme"));
    void fetch(form.action, {
      method: "POST",
      body: new URLSearchParams([...body].map(([k, v]) => [k, String(v)])),
      headers: { Accept: "application/json" },
    });
  }
}
