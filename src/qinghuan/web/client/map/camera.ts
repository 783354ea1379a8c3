/** Keeps what matters clear of the panels that float over the map. */
import type { PaddingOptions } from "maplibre-gl";

const MARGIN_PX = 24;

/** Room each side that panels take, by which edge of the map they lie against. */
export function paddingOf(element: HTMLElement): PaddingOptions {
  const map = element.getBoundingClientRect();
  const pad = { top: MARGIN_PX, right: MARGIN_PX, bottom: MARGIN_PX, left: MARGIN_PX };
  for (const panel of document.querySelectorAll(element.dataset.pad ?? ":not(*)")) {
    const box = panel.getBoundingClientRect();
    if (box.width === 0 || !overlaps(box, map)) continue;
    if (box.width > map.width * 0.6) {
      pad.top = Math.max(pad.top, box.bottom - map.top + MARGIN_PX);
    } else if (box.left + box.width / 2 < map.left + map.width / 2) {
      pad.left = Math.max(pad.left, box.right - map.left + MARGIN_PX);
    } else {
      pad.right = Math.max(pad.right, map.right - box.left + MARGIN_PX);
    }
  }
  return fits(pad, map) ? pad : { top: 16, right: 16, bottom: 16, left: 16 };
}

function overlaps(box: DOMRect, map: DOMRect): boolean {
  return (
    box.left < map.right && box.right > map.left && box.top < map.bottom && box.bottom > map.top
  );
}

function fits(pad: PaddingOptions, map: DOMRect): boolean {
  const across = (pad.left ?? 0) + (pad.right ?? 0);
  return across < map.width * 0.75 && (pad.top ?? 0) + (pad.bottom ?? 0) < map.height * 0.75;
}
