import { type Change, commit } from "../db/commit";
import type { Audience } from "../db/webhooks/fan-out";
import { bucketOf } from "../domain/id";
import type { Result } from "../domain/result";
import { operatorAudience } from "../domain/webhooks/event";
import { Conflict } from "./conflict";
import type { Deps } from "./deps";
import { type NewEvent, notify } from "./notify";

/** The content of a change as the operation decides it. The rest follows from the aggregate and the request. */
export type NextChange = Pick<Change, "name" | "actor" | "data" | "rows" | "postings"> & {
  events?: readonly NewEvent[];
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

/** Ends the rehearsal of a command where it would begin to write. */
export class Rehearsed extends Error {}

/**
 * Commits a decision as the next change of the aggregate and returns the new position. Throws Conflict if another
 * writer was faster.
 */
export async function appendChange<P extends Position>(deps: Deps, position: P, decision: NextChange): Promise<P> {
  const { answer, events = [], ...rest } = decision;
  if (deps.rehearsal) {
    deps.rehearsal.lines.push(...(decision.postings ?? []));
    throw new Rehearsed();
  }
  const result = answer && (deps.kept?.(answer) ?? answer);
  const settles = deps.reservation && result ? { settles: { reservation: deps.reservation, result } } : {};
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
      list: events.map(({ to: _, ...event }) => ({ id: deps.newId(bucketOf(position.aggregateId)), ...event })),
    },
  });
  if (!written.ok) throw new Conflict(written.conflict);
  if (deps.reservation && answer) deps.reservation.settled = true;
  await deps.enqueueDeliveries(written.jobs);
  deps.log.info("change", { aggregateId: position.aggregateId, version, name: decision.name, actor: decision.actor });
  return { ...position, version, sequence: position.sequence + events.length };
}
