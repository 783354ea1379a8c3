/** One behaviour of one element; its state lives in the element's `data-` attributes. */
export abstract class Controller {
  readonly #undo: (() => void)[] = [];

  constructor(readonly element: HTMLElement) {}

  /** Called once, when the element enters the page. */
  abstract connect(): void;

  /** Called once, when the element leaves the page; everything listened to is let go. */
  disconnect(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Listen until the element leaves. */
  protected on(
    target: EventTarget,
    type: string,
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ): void {
    target.addEventListener(type, listener, options);
    this.later(() => target.removeEventListener(type, listener, options));
  }

  /** Call a function every so many milliseconds until the element leaves. */
  protected every(interval_ms: number, step: () => void): void {
    const timer = window.setInterval(step, interval_ms);
    this.later(() => window.clearInterval(timer));
  }

  /** Remember what to undo when the element leaves. */
  protected later(undo: () => void): void {
    this.#undo.push(undo);
  }

  /** The first element below that plays a part, `data-part="…"`. */
  protected part<T extends HTMLElement = HTMLElement>(name: string): T | null {
    return this.element.querySelector<T>(`[data-part="${name}"]`);
  }

  /** A word the server put on the element in the reader's language. */
  protected word(name: string): string {
    return this.element.dataset[name] ?? "";
  }
}

export type ControllerClass = new (element: HTMLElement) => Controller;
