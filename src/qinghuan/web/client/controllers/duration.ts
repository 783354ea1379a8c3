/** Durations as the screens write them: the same words as the server's `duration` filter. */

export interface DurationWords {
  day: string;
  hour: string;
  minute: string;
  second: string;
}

/** The two largest units that matter: `1 日 2 时`, `3 时 10 分`, `2 分 9 秒`. */
export function spoken(total_s: number, words: DurationWords): string {
  const whole = Math.max(0, Math.floor(Math.abs(total_s)));
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), words.day],
    [Math.floor((whole % 86_400) / 3_600), words.hour],
    [Math.floor((whole % 3_600) / 60), words.minute],
    [whole % 60, words.second],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return `0 ${words.second}`;
  const shown = parts.slice(first, first + 2).filter(([amount]) => amount > 0);
  const kept = first === 2 && whole >= 600 ? shown.slice(0, 1) : shown;
  return kept.map(([amount, unit]) => `${amount} ${unit}`).join(" ");
}
