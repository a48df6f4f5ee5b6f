import type { Answer } from "./journey.ts";

/** What one request, or one piece of work behind it, has cost. */
export interface Cost {
  roundTrips: number;
  rowsRead: number;
  rowsWritten: number;
  hops: number;
  stripeCalls: number;
  queueOperations: number;
}

/** What an answer of the sandbox itself says that it cost: the header `Accord-Cost`. Throws when it says nothing. */
export function costOf({ headers }: Pick<Answer, "headers">): Cost {
  const shown = headers.get("Accord-Cost");
  if (shown === null) throw new Error("the answer carries no Accord-Cost");
  const counts = new URLSearchParams(shown.replaceAll(";", "&"));
  const count = (name: string) => Number(counts.get(name));
  return {
    roundTrips: count("d1"),
    rowsRead: count("read"),
    rowsWritten: count("written"),
    hops: count("hops"),
    stripeCalls: count("stripe"),
    queueOperations: count("queue"),
  };
}
