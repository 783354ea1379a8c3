/** Gives each element its controllers as it enters the page, by whatever way it came. */
import type { Controller, ControllerClass } from "./controller";

const alive = new Map<HTMLElement, Controller[]>();

/** Connect what is on the page, and what will be. */
export function start(controllers: Record<string, ControllerClass>): void {
  enter(document.documentElement, controllers);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.removedNodes) leave(node);
      for (const node of change.addedNodes) enter(node, controllers);
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
}

function enter(node: Node, controllers: Record<string, ControllerClass>): void {
  for (const element of controlled(node)) {
    if (alive.has(element) || !element.isConnected) continue;
    const names = (element.dataset.controller ?? "").split(" ");
    const made = names.flatMap((name) => {
      const found = controllers[name];
      return found ? [new found(element)] : [];
    });
    alive.set(element, made);
    for (const controller of made) controller.connect();
  }
}

function leave(node: Node): void {
  for (const element of controlled(node)) {
    if (element.isConnected) continue;
    for (const controller of alive.get(element) ?? []) controller.disconnect();
    alive.delete(element);
  }
}

function controlled(node: Node): HTMLElement[] {
  if (!(node instanceof HTMLElement)) return [];
  const below = [...node.querySelectorAll<HTMLElement>("[data-controller]")];
  return node.matches("[data-controller]") ? [node, ...below] : below;
}
