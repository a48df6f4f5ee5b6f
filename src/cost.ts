import type { DatabaseCost } from "./db/database";

/** The cost of one invocation, including the Durable Objects that it called. */
export interface Cost extends DatabaseCost {
  /** Calls to Durable Objects. */
  hops: number;
  stripeCalls: number;
  queueOperations: number;
  /** Passwords that were hashed, which is most of what a request computes. */
  passwordHashes: number;
}

/** Returns a cost of zero. */
export function emptyCost(): Cost {
  const database = { roundTrips: 0, writes: 0, queries: 0, rowsRead: 0, rowsWritten: 0 };
  return { ...database, hops: 0, stripeCalls: 0, queueOperations: 0, passwordHashes: 0 };
}

/** Adds the cost of an invocation that we caused. If it runs another release, it may not report every part. */
export function addCost(total: Cost, spent: Partial<Cost>): void {
  for (const name of Object.keys(total) as (keyof Cost)[]) total[name] += spent[name] ?? 0;
}
