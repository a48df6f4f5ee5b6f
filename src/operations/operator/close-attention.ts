import { insertSeen, loadConcerned } from "../../db/attention";
import { waitingFor } from "../../db/operator/waiting";
import { isEndedByNote, type WaitingKind } from "../../domain/attention";
import { bucketOf } from "../../domain/id";
import { done, type Result, refuse } from "../../domain/result";
import { byOperator, clear } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/**
 * Closes one item that only an operator's note can close, whatever the contract, until the same happens again. The
 * operator and the note are recorded in the aggregate's journal; no money moves. Refuses `state_wrong` for an item that
 * a note does not close.
 */
export async function closeAttention(
  deps: Deps,
  {
    kind,
    aggregateId,
    aboutId,
    operator,
    note,
  }: { kind: WaitingKind; aggregateId: string; aboutId: string; operator: string; note: string },
): Promise<Result<null>> {
  if (!isEndedByNote(kind)) return refuse("state_wrong", "a note does not end it");
  const { standing, ...position } = await loadConcerned(deps.db, aggregateId);
  const hasRow = standing.some((one) => one.kind === kind && one.aboutId === aboutId);
  const isIt = (one: { kind: string; aggregateId: string; about: { id: string } }) =>
    one.kind === kind && one.aggregateId === aggregateId && one.about.id === aboutId;
  const found = hasRow ? undefined : (await waitingFor(deps.db, deps.nowMs())).list.find(isIt);
  if (!hasRow && !found) return refuse("id_unknown");
  const ended = found
    ? insertSeen(deps.db, found, {
        id: deps.newId(bucketOf(aggregateId)),
        atMs: deps.nowMs(),
        by: byOperator(operator),
        note,
      })
    : clear(deps, aggregateId, byOperator(operator), [kind], { aboutId, note });
  await appendChange(deps, position, {
    name: "close-attention",
    actor: "operator",
    data: { operator, note, kind, aboutId },
    rows: [ended],
    answer: done,
  });
  return done;
}
