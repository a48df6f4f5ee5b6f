import type { DatabaseCost } from "./db/database";

/** The cost of one invocation, that of the objects which it called included. */
export interface Cost extends DatabaseCost {
  hops: number;
  stripeCalls: number;
  queueOperations: number;
}

/** Returns a cost of zero. */
export function emptyCost(): Cost {
  return { roundTrips: 0, queries: 0, rowsRead: 0, rowsWritten: 0, hops: 0, stripeCalls: 0, queueOperations: 0 };
}

/** Adds the cost of another invocation on our behalf. One of another version may not count all of it. */
export function addCost(total: Cost, spent: Partial<Cost>): void {
  for (const name of Object.keys(total) as (keyof Cost)[]) total[name] += spent[name] ?? 0;
}
