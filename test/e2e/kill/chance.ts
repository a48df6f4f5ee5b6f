/** Random decisions that a seed repeats. They include when the process is killed, but not where it is then. */
export interface Chance {
  /** Returns true in `share` of all cases, 0 to 1. */
  often(share: number): boolean;
  /** Returns a number from `from` up to, not including, `to`. */
  between(from: number, to: number): number;
  pick<T>(from: readonly T[]): T | undefined;
}

/** Makes decisions by mulberry32 from any integer. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    often: (share) => next() < share,
    between: (from, to) => from + next() * (to - from),
    pick: (from) => from[Math.floor(next() * from.length)],
  };
}
