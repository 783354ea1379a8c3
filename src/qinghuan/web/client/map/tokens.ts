/** The page's tokens, as a map must have them: computed colours and the size of one rem. */

export interface Tokens {
  /** A token's colour by its name without dashes: `colour("map-sea")`. */
  colour(name: string): string;
  /** A length of the drawing at 16 px a rem, in the page's real pixels. */
  px(drawn_px: number): number;
  font: string;
  isDark: boolean;
}

export function readTokens(): Tokens {
  const root = document.documentElement;
  const style = getComputedStyle(root);
  const rem_px = Number.parseFloat(style.fontSize) || 16;
  return {
    colour: (name) => style.getPropertyValue(`--${name}`).trim() || "#888888",
    px: (drawn_px) => (drawn_px * rem_px) / 16,
    font: style.getPropertyValue("--font").trim() || "sans-serif",
    isDark: root.dataset.theme === "dark",
  };
}

export const FONT_STACK = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"];

/** MapLibre reads the weight off the names; one that no machine has says it for all of them. */
export const BOLD_STACK = ["Bold", ...FONT_STACK];
