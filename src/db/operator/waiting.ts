import type { AttentionSubject, WaitingKind } from "../../domain/attention";
import { timeOf } from "../../domain/id";
import type { HoldReason } from "../../domain/offers/payout";
import type { TestimonyState } from "../../domain/offers/testimony";
import { operatorAudience } from "../../domain/webhooks/event";
import type { Database } from "../database";
import * as found from "./waiting-queries";

/** The facts that the next steps of some kinds need. */
export interface Facts {
  /** Of a testimony: tells whether it can be refunded. */
  testimonyState?: TestimonyState | null;
  /** Of a payout. */
  holds?: readonly HoldReason[] | null;
  releasableMinor?: number | null;
  /** Of a payment, a shopper or a connected account. */
  orderId?: string | null;
  stripeAccountId?: string | null;
  stripeId?: string | null;
  appId?: string | null;
  userId?: string | null;
  email?: string | null;
  /** Of an endpoint: the time since which it has accepted nothing. */
  since?: string;
  recordId?: string;
  day?: string;
  movedAt?: number;
}

/** Something that waits for a person. Times in milliseconds, the amount in minor units. */
export interface Waiting {
  kind: WaitingKind;
  /** The aggregate that it belongs to, by which its timeline is found. */
  aggregateId: string;
  about: { kind: AttentionSubject; id: string };
  since: number;
  amountMinor: number | null;
  currency: string | null;
  note: string | null;
  /** The owners: a developer, an application, a client and an expert, the owner of an endpoint; else the operator. */
  who: string[];
  /** The time at which it is tried again, or decided without us; null if nothing more happens automatically. */
  dueAt: number | null;
  /** Values that its next step is printed with. */
  facts: Facts;
}

const bare = { amountMinor: null, currency: null, note: null, dueAt: null, facts: {}, who: [operatorAudience] };

/**
 * Lists everything that waits for a person at this moment, the longest first, and the kinds of which there may be more.
 */
export async function waitingFor(db: Database, nowMs: number): Promise<{ list: Waiting[]; full: WaitingKind[] }> {
  const [reasons, payouts, debts, calls, events, endpoints, deliveries, records, settlements, cursors] = await db.batch(
    [
      found.selectReasons(db),
      found.selectWaitingPayouts(db, nowMs),
      found.selectDebts(db),
      found.selectFailingCalls(db, nowMs),
      found.selectDeadEvents(db),
      found.selectDisabledEndpoints(db),
      found.selectFailedDeliveries(db),
      found.selectFailedRecords(db),
      found.selectFailedSettlements(db),
      found.selectLateCursors(db, nowMs, Date.now()),
    ],
  );
  const places = [
    reasons.map(ofReason),
    payouts.map(ofPayout),
    debts.map(ofDebt),
    calls.map(ofCall),
    events.map(ofEvent),
    endpoints.map(ofEndpoint),
    deliveries.map(ofDeliveries),
    records.map(ofRecords),
    settlements.map(ofSettlement),
    cursors.map(ofCursor),
  ];
  const full = places.filter(({ length }) => length >= found.waitingMax).flat();
  const list = places.flat().toSorted((a, b) => a.since - b.since);
  return { list, full: [...new Set(full.map(({ kind }) => kind))] };
}

type Row<F extends (...given: never[]) => PromiseLike<readonly unknown[]>> = Awaited<ReturnType<F>>[number];

function ofReason({ reason, clientId, expertId, ...facts }: Row<typeof found.selectReasons>): Waiting {
  const { kind, aggregateId, aboutKind, aboutId, since, amountMinor, currency, note, dueBy } = reason;
  const { developerId, accountOf, shopperOf } = facts;
  const named = [developerId ?? accountOf ?? shopperOf, clientId, expertId].filter((one) => one !== null);
  const about = { kind: aboutKind, id: aboutId };
  const who = named.length > 0 ? named : [operatorAudience];
  return { kind, aggregateId, about, since, amountMinor, currency, note, who, dueAt: dueBy, facts };
}

function ofPayout({ testimonyId, id, expertId, ...payout }: Row<typeof found.selectWaitingPayouts>): Waiting {
  return {
    ...bare,
    kind: "payout_waiting",
    aggregateId: testimonyId,
    about: { kind: "payout", id },
    since: payout.heldSince ?? payout.createdAt,
    amountMinor: payout.amountMinor - payout.loweredMinor,
    currency: payout.currency,
    note: payout.holds.join(", "),
    who: [expertId],
    dueAt: payout.dueAt,
    facts: { holds: payout.holds },
  };
}

function ofDebt({ userId, currency, remainingMinor, raisedAt }: Row<typeof found.selectDebts>): Waiting {
  const about = { kind: "debt", id: `${userId}.${currency}` } as const;
  const money = { amountMinor: remainingMinor, currency };
  return { ...bare, ...money, kind: "expert_owes", aggregateId: userId, about, since: raisedAt, who: [userId] };
}

function ofCall(call: Row<typeof found.selectFailingCalls>): Waiting {
  const { aggregateId, id, kind, attempts, failure, dueAt, createdAt, paymentId, amountMinor, currency } = call;
  return {
    ...bare,
    kind: paymentId === null ? "stripe_call_failing" : "payment_unknown",
    aggregateId,
    about: { kind: "stripe_call", id },
    since: createdAt,
    amountMinor,
    currency,
    note: `${kind}, attempts: ${attempts}${failure === null ? "" : `, ${failure}`}`,
    who: [call.developerId ?? operatorAudience],
    dueAt,
  };
}

function ofEvent({ id, type, objectId, failure, receivedAt }: Row<typeof found.selectDeadEvents>): Waiting {
  const about = { kind: "stripe_event", id } as const;
  const note = `${type} of ${objectId}${failure === null ? "" : `: ${failure}`}`;
  return { ...bare, kind: "stripe_event_dead", aggregateId: id, about, since: receivedAt, note };
}

function ofEndpoint({ id, owner, url, ...endpoint }: Row<typeof found.selectDisabledEndpoints>): Waiting {
  const about = { kind: "endpoint", id } as const;
  const since = endpoint.disabledAt ?? 0;
  const note = `${originOf(url)}: ${endpoint.disabledReason}`;
  return { ...bare, kind: "endpoint_disabled", aggregateId: id, about, since, note, who: [owner] };
}

/** Returns the origin of an endpoint, without the parts of an address that may contain secrets. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : "";
}

function ofDeliveries({ id, owner, url, ...first }: Row<typeof found.selectFailedDeliveries>): Waiting {
  return {
    ...bare,
    kind: "deliveries_failed",
    aggregateId: id,
    about: { kind: "endpoint", id },
    since: first.failedAt,
    note: originOf(url),
    who: [owner],
    dueAt: first.forgottenAt,
    facts: { since: new Date(timeOf(first.eventId)).toISOString() },
  };
}

function ofRecords({ id, name, recordId, failedAt, lastError }: Row<typeof found.selectFailedRecords>): Waiting {
  const about = { kind: "application", id } as const;
  const note = `${name}${lastError === null ? "" : `: ${lastError}`}`;
  const facts = { recordId };
  return { ...bare, kind: "transfer_webhooks_failed", aggregateId: id, about, since: failedAt, note, who: [id], facts };
}

function ofSettlement({ id, day, currency, ...batch }: Row<typeof found.selectFailedSettlements>): Waiting {
  const about = { kind: "settlement", id } as const;
  const facts = { day };
  const since = batch.createdAt;
  return {
    ...bare,
    kind: "settlement_failed",
    aggregateId: id,
    about,
    since,
    currency,
    note: batch.errorMessage,
    facts,
  };
}

/** Describes a late cursor. The sweep's own cursor says when it last ended. */
function ofCursor({ name, value, movedAt }: Row<typeof found.selectLateCursors>): Waiting {
  const kind = name === found.sweepEnded ? "sweep_stopped" : "cursor_behind";
  const facts = { movedAt: movedAt ?? 0 };
  return { ...bare, kind, aggregateId: name, about: { kind: "cursor", id: name }, since: value, facts };
}
