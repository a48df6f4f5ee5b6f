import { type Change, commit, type EventToTell } from "../db/commit";
import type { Audience } from "../db/webhook-deliveries";
import { operatorAudience } from "../domain/event";
import { homeOf } from "../domain/id";
import type { NotificationType, OtherEventType, Recipients } from "../domain/notification";
import type { Result } from "../domain/result";
import { Conflict } from "./conflict";
import type { Deps } from "./deps";
import { notify } from "./notify";

/** An event of a change. A type that notifies people names them: one person for each side of the type. */
export type News = Omit<EventToTell, "id" | "type"> & { id?: string } & (
    | { type: OtherEventType; to?: never }
    | { [Type in NotificationType]: { type: Type; to: Recipients<Type> } }[NotificationType]
  );

/** The content of a change as the operation decides it. The rest follows from the aggregate and the request. */
export type Decision = Pick<Change, "name" | "actor" | "data" | "rows" | "postings"> & {
  events?: readonly News[];
  /** The result to store under the idempotency key, if this change answers the request. */
  answer?: Result<unknown>;
};

/** The position of an aggregate: the version of its last change, and the number of events published for it. */
export interface Position {
  aggregateId: string;
  tenant: string;
  version: number;
  sequence: number;
  /** The owner whose webhook endpoints receive its events; the operator by default. */
  audience?: Audience;
}

/**
 * Commits a decision as the next change of the aggregate and returns the new position. Throws Conflict if another
 * writer was faster.
 */
export async function record<P extends Position>(deps: Deps, position: P, decision: Decision): Promise<P> {
  const { answer, events = [], ...rest } = decision;
  const settles = deps.claim && answer ? { settles: { claim: deps.claim, result: answer } } : {};
  const version = position.version + 1;
  const { verdict } = deps;
  const said = verdict ? { settledBy: { operator: verdict.operator, note: verdict.note } } : {};
  const written = await commit(deps.db, {
    ...rest,
    data: { ...rest.data, ...said },
    rows: [...rest.rows, ...notify(deps, events)],
    ...settles,
    aggregateId: position.aggregateId,
    tenant: position.tenant,
    audience: position.audience ?? operatorAudience,
    version,
    changeId: deps.newId(),
    atMs: deps.nowMs(),
    requestId: deps.requestId,
    events: {
      sequence: position.sequence + 1,
      list: events.map(({ to: _, ...event }) => ({ id: deps.newId(homeOf(position.aggregateId)), ...event })),
    },
  });
  if (!written.ok) throw new Conflict(written.conflict);
  if (deps.claim && answer) deps.claim.settled = true;
  await deps.dispatch(written.errands);
  deps.log.info("change", { aggregateId: position.aggregateId, version, name: decision.name, actor: decision.actor });
  return { ...position, version, sequence: position.sequence + events.length };
}
