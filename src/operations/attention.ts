import { clearAttention, raiseAttention } from "../db/attention";
import type { Statement } from "../db/database";
import type { AttentionKind, AttentionSubject, WaitingKind } from "../domain/attention";
import { bucketOf } from "../domain/id";
import type { Deps } from "./deps";

/**
 * Makes the row that says why a person must look at an aggregate, for the batch of the change that finds the reason.
 */
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
    /** The time at which it is decided without us. */
    dueBy?: number | null;
  },
): Statement {
  return raiseAttention(deps.db, {
    aggregateId,
    id: deps.newId(bucketOf(aggregateId)),
    since: deps.nowMs(),
    ...reason,
  });
}

/** Makes the row that closes reasons, for the batch of the change that ends them. `by` names who or what ends them. */
export function clear(
  deps: Deps,
  aggregateId: string,
  by: string,
  kinds: readonly WaitingKind[],
  more: { aboutId?: string; note?: string } = {},
): Statement {
  return clearAttention(deps.db, { aggregateId, kinds, atMs: deps.nowMs(), by, ...more });
}

/** Returns the name under which an operator closes a reason. */
export function byOperator(name: string): string {
  return `operator:${name}`;
}
