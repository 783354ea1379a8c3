import { Controller } from "./controller";

/**
 * Keys of the desk: `/` search, `j` and `k` down and up a list, Enter opens, `?` shows them.
 *
 * An element with `data-key="1"` is pressed by its key. Typing in a field is never a command.
 */
export class HotkeysController extends Controller {
  connect(): void {
    this.on(document, "keydown", (event) => this.press(event as KeyboardEvent));
  }

  /** Do what a key asks, if anything does. */
  press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "/") this.#take(event, document.querySelector("[data-search]"));
    else if (event.key === "j") this.#take(event, neighbour(1));
    else if (event.key === "k") this.#take(event, neighbour(-1));
    else this.#press(event);
  }

  #press(event: KeyboardEvent): void {
    const keyed = [...document.querySelectorAll<HTMLElement>("[data-key]")].find(
      (candidate) => candidate.dataset.key === event.key && candidate.offsetParent !== null,
    );
    if (keyed) {
      event.preventDefault();
      keyed.click();
    }
  }

  #take(event: KeyboardEvent, element: Element | null | undefined): void {
    if (!(element instanceof HTMLElement)) return;
    event.preventDefault();
    element.focus();
    element.scrollIntoView({ block: "nearest" });
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

function neighbour(step: 1 | -1): Element | undefined {
  const rows = [...document.querySelectorAll("[data-list] [data-row]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const row = at < 0 ? rows[0] : rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
  return row?.matches("a,button") ? row : (row?.querySelector("a,button") ?? undefined);
}
