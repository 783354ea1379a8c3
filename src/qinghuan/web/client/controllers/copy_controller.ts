import { Controller } from "./controller";

/** Copies `data-text`, and says that it did. */
export class CopyController extends Controller {
  connect(): void {
    this.on(this.element, "click", () => void this.copy());
  }

  /** Put the text on the clipboard; where that is not allowed, select it for the hand. */
  async copy(): Promise<void> {
    const text = this.element.dataset.text ?? "";
    try {
      await navigator.clipboard.writeText(text);
      this.#say(this.word("done"));
    } catch {
      this.#say(text);
    }
  }

  #say(text: string): void {
    const label = this.part("label") ?? this.element;
    const before = label.textContent;
    label.textContent = text;
    window.setTimeout(() => {
      label.textContent = before;
    }, 2_000);
  }
}
