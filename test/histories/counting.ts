import type { Snapshot } from "./snapshot";

type Posting = Snapshot["rows"]["postings"][number];

/** Sums postings by the key that `by` returns. */
export function sums(postings: readonly Posting[], by: (posting: Posting) => string): Map<string, number> {
  const totals = new Map<string, number>();
  for (const one of postings) totals.set(by(one), (totals.get(by(one)) ?? 0) + one.amountMinor);
  return totals;
}

export function sumOf(list: readonly { amount: number }[]): number {
  return list.reduce((sum, one) => sum + one.amount, 0);
}

export function unbalanced(totals: Map<string, number>): string[] {
  return [...totals].filter(([, sum]) => sum !== 0).map(([key, sum]) => `${key} is off by ${sum}`);
}

export function duplicates(ids: readonly (string | undefined)[]): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const id of ids) {
    if (id !== undefined && seen.has(id)) twice.add(id);
    if (id !== undefined) seen.add(id);
  }
  return [...twice].map((id) => `${id} twice`);
}

export function gaps(what: string, numbers: readonly (readonly [string, number])[]): string[] {
  const byAggregate = new Map<string, number[]>();
  for (const [id, number] of numbers) byAggregate.set(id, [...(byAggregate.get(id) ?? []), number]);
  return [...byAggregate]
    .filter(([, list]) => list.sort((a, b) => a - b).some((number, at) => number !== at + 1))
    .map(([id, list]) => `${what} of ${id}: ${list}`);
}
