import { Controller } from "./controller";

const STAYS_MS = 6_000;

interface Problem {
  title?: string;
  detail?: string;
}

/**
 * The corner where results are told. Good news leaves after six seconds; failures stay.
 *
 * A refused htmx request carries a problem document; its words are shown as they are.
 */
export class NoticeController extends Controller {
  connect(): void {
    for (const toast of this.element.querySelectorAll<HTMLElement>(".toast")) this.#settle(toast);
    this.on(document.body, "htmx:responseError", (event) => {
      const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
      this.tell(problemOf(xhr), this.word("failed"));
    });
    this.on(document.body, "htmx:sendError", () => this.tell({}, this.word("unreachable")));
    this.on(this.element, "click", (event) => {
      if (event.target instanceof Element && event.target.closest("[data-dismiss]")) {
        event.target.closest(".toast")?.remove();
      }
    });
  }

  /** Show a failure until it is dismissed. */
  tell(problem: Problem, fallback: string): void {
    const pattern = this.element.querySelector<HTMLTemplateElement>("template");
    const toast = pattern?.content.firstElementChild?.cloneNode(true);
    if (!(toast instanceof HTMLElement)) return;
    const title = toast.querySelector("[data-part=title]");
    const detail = toast.querySelector("[data-part=detail]");
    if (title) title.textContent = problem.title ?? fallback;
    if (detail) detail.textContent = problem.detail ?? "";
    this.element.append(toast);
  }

  #settle(toast: HTMLElement): void {
    if (toast.dataset.s === "bad" || toast.dataset.s === "warn") return;
    window.setTimeout(() => toast.remove(), STAYS_MS);
  }
}

function problemOf(xhr: XMLHttpRequest): Problem {
  try {
    return JSON.parse(xhr.responseText) as Problem;
  } catch {
    return {};
  }
}
