import { loadTestimony } from "../../db/offers/testimonies";
import { type AttentionKind, kindsEndedByNote, type WaitingKind } from "../../domain/attention";
import { done, type Result, refuse } from "../../domain/result";
import { byOperator, clear } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/**
 * Closes one kind of reason, or all that a note can close, after an operator has looked. The finding and the operator
 * are recorded in the journal; no money moves.
 */
export async function resolveAttention(
  deps: Deps,
  {
    testimonyId,
    operator,
    note,
    kind,
  }: { testimonyId: string; operator: string; note: string; kind?: AttentionKind | undefined },
): Promise<Result<null>> {
  const aggregate = await loadTestimony(deps.db, testimonyId);
  if (!aggregate) return refuse("testimony_unknown");
  const wanted: readonly WaitingKind[] = kindsEndedByNote.filter((one) => kind === undefined || kind === one);
  const ended = aggregate.attention.filter((one) => wanted.includes(one.kind));
  if (ended.length === 0) return refuse("state_wrong", "nothing stands that a note can end");
  await appendChange(deps, aggregate, {
    name: "resolve-attention",
    actor: "operator",
    data: { operator, note, reasons: ended.map(({ kind, aboutId }) => ({ kind, aboutId })) },
    rows: [clear(deps, testimonyId, byOperator(operator), wanted, { note })],
    answer: done,
  });
  return done;
}
