import type { Answer } from "./journey.ts";

/** The cost of one request, or of one piece of work behind it. */
export interface Cost {
  roundTrips: number;
  /** Those that have written a row. */
  writes: number;
  rowsRead: number;
  rowsWritten: number;
  hops: number;
  stripeCalls: number;
  queueOperations: number;
  passwordHashes: number;
}

/** Returns the cost that an answer of the sandbox states in the header `Accord-Cost`. Throws if there is none. */
export function costOf({ headers }: Pick<Answer, "headers">): Cost {
  const shown = headers.get("Accord-Cost");
  if (shown === null) throw new Error("the answer carries no Accord-Cost");
  const counts = new URLSearchParams(shown.replaceAll(";", "&"));
  const count = (name: string) => Number(counts.get(name));
  return {
    roundTrips: count("d1"),
    writes: count("writes"),
    rowsRead: count("read"),
    rowsWritten: count("written"),
    hops: count("hops"),
    stripeCalls: count("stripe"),
    queueOperations: count("queue"),
    passwordHashes: count("hash"),
  };
}
