/** The chart's look, from the tokens: grey lines, state colours only by value. */
import { readTokens, type Tokens } from "../map/tokens";

export interface Look {
  tokens: Tokens;
  lines: string[];
  axis: Record<string, unknown>;
  text: { color: string; fontFamily: string; fontSize: number };
}

export function look(): Look {
  const tokens = readTokens();
  const text = { color: tokens.colour("tx-2"), fontFamily: tokens.font, fontSize: tokens.px(12) };
  return {
    tokens,
    lines: [tokens.colour("tx-1"), tokens.colour("tx-3"), tokens.colour("line-ctl")],
    text,
    axis: {
      axisLine: { lineStyle: { color: tokens.colour("line-ctl") } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true },
      splitLine: { lineStyle: { color: tokens.colour("line") } },
      nameTextStyle: { ...text, color: tokens.colour("tx-3"), align: "left" },
    },
  };
}

/** State colours by value over the limit; within it the series keeps its grey. */
export function markColour(state: string, tokens: Tokens, otherwise: string): string {
  return ["warn", "bad", "hold"].includes(state) ? tokens.colour(`${state}-fill`) : otherwise;
}
