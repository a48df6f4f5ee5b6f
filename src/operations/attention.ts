import { clearAttention, raiseAttention } from "../db/attention";
import type { Statement } from "../db/database";
import type { AttentionKind, AttentionSubject, WaitingKind } from "../domain/attention";
import { homeOf } from "../domain/id";
import type { Deps } from "./deps";

/** Says, with the change that finds it, why a person must look at an aggregate. */
export function raise(
  deps: Deps,
  aggregateId: string,
  reason: {
    kind: AttentionKind;
    aboutKind: AttentionSubject;
    aboutId: string;
    amountMinor?: number;
    currency?: string;
    note?: string;
    /** When it is decided without us. */
    dueBy?: number | null;
  },
): Statement {
  return raiseAttention(deps.db, { aggregateId, id: deps.newId(homeOf(aggregateId)), since: deps.nowMs(), ...reason });
}

/** Ends reasons with the change that ends them. `by`: who or what does. */
export function clear(
  deps: Deps,
  aggregateId: string,
  by: string,
  kinds: readonly WaitingKind[],
  more: { aboutId?: string; note?: string } = {},
): Statement {
  return clearAttention(deps.db, { aggregateId, kinds, atMs: deps.nowMs(), by, ...more });
}

/** How an operator is named where a reason is cleared. */
export function byOperator(name: string): string {
  return `operator:${name}`;
}
