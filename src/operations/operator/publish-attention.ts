import {
  deletePublished,
  loadPublished,
  type PublishedAttention,
  savePublished,
} from "../../db/operator/attention-published";
import { type Waiting, waitingFor } from "../../db/operator/waiting";
import { patienceMs } from "../../domain/attention";
import { makeId } from "../../domain/id";
import { type Result, success } from "../../domain/result";
import { operatorAudience } from "../../domain/webhooks/event";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/**
 * The aggregate of the events about attention: one for all, so that they come in one order. Stripe's fees use an id of
 * the same form for each day.
 */
const attentionAggregate = makeId(1, 0, new Uint8Array(9));

/** The most events of each kind that one run publishes; the next run continues. */
const eventsMax = 40;

/**
 * Publishes to the operator's endpoints, and to the log, what began to wait for a person since the last time, and what
 * stopped waiting: each once. What was published is compared with what waits at this moment, so that nothing depends on
 * the code that causes it. If a list is cut off, what is not on it may still wait.
 */
export async function publishAttention(deps: Deps): Promise<Result<{ opened: number; ended: number }>> {
  const [{ list, full }, { told, ...position }] = await Promise.all([
    waitingFor(deps.db, deps.nowMs()),
    loadPublished(deps.db, attentionAggregate),
  ]);
  const known = new Set(told.map(keyOf));
  const waits = new Set(list.map((one) => keyOf(rowOf(one))));
  const opened = list.filter((one) => !known.has(keyOf(rowOf(one))) && isSure(one)).slice(0, eventsMax);
  const ended = told.filter((one) => !waits.has(keyOf(one)) && !full.includes(one.kind)).slice(0, eventsMax);
  if (opened.length + ended.length > 0) await tell(deps, position, opened, ended);
  return success({ opened: opened.length, ended: ended.length });
}

async function tell(
  deps: Deps,
  position: { version: number; sequence: number },
  opened: readonly Waiting[],
  ended: readonly PublishedAttention[],
): Promise<void> {
  await appendChange(
    deps,
    { ...position, aggregateId: attentionAggregate, tenant: operatorAudience },
    {
      name: "publish-attention",
      actor: "clock",
      data: { opened: opened.length, ended: ended.length },
      rows: [
        ...opened.map((one) => savePublished(deps.db, { ...rowOf(one), toldAt: deps.nowMs() })),
        ...ended.map((one) => deletePublished(deps.db, one)),
      ],
      events: [
        ...opened.map((one) => ({
          type: "attention.opened" as const,
          data: { ...factsOf(rowOf(one)), ...moneyOf(one) },
        })),
        ...ended.map((one) => ({ type: "attention.ended" as const, data: factsOf(one) })),
      ],
    },
  );
  for (const one of opened) deps.log.error("attention_opened", one.note ?? one.kind, factsOf(rowOf(one)));
  for (const one of ended) deps.log.error("attention_ended", one.kind, factsOf(one));
}

/**
 * Tells whether an item is certain. A list that fell behind during a pause is read on within minutes, so a cursor that
 * moves is not published.
 */
function isSure({ kind, facts }: Waiting): boolean {
  return kind !== "cursor_behind" || Date.now() - (facts.movedAt ?? 0) > patienceMs.call;
}

function rowOf({ kind, aggregateId, about, since }: Waiting): Omit<PublishedAttention, "toldAt"> {
  return { kind, aggregateId, aboutId: about.id, aboutKind: about.kind, since };
}

function keyOf({ kind, aggregateId, aboutId }: Pick<PublishedAttention, "kind" | "aggregateId" | "aboutId">): string {
  return JSON.stringify([kind, aggregateId, aboutId]);
}

function factsOf({ kind, aggregateId, aboutKind, aboutId, since }: Omit<PublishedAttention, "toldAt">) {
  return { kind, aggregateId, about: { kind: aboutKind, id: aboutId }, since: new Date(since).toISOString() };
}

function moneyOf({ amountMinor, currency, who }: Waiting) {
  return { amountMinor, currency, who };
}
