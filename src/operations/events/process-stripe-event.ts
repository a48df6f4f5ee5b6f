import { write } from "../../db/database";
import { type StoredEvent, selectEvent, updateEvent } from "../../db/stripe-events";
import { selectOwners } from "../../db/stripe-objects";
import { loadTestimony } from "../../db/testimonies";
import { isId } from "../../domain/id";
import { done, type Result, refuse } from "../../domain/result";
import { retrievePaymentMetadata } from "../../stripe/payments";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import { performForEvent } from "./perform-for-event";
import { processAccountEvent } from "./process-account-event";
import { processMethodEvent } from "./process-method-event";
import { processPaymentEvent } from "./process-payment-event";

/** After so many attempts, over about a day, an event waits for an operator. */
const attemptsMax = 12;

/** Stripe lists its events for as long. Payloads hold personal data. */
const payloadKeptMs = 30 * 24 * 60 * 60 * 1000;

const retryDelaysMs = [2_000, 10_000, 60_000, 5 * 60_000, 15 * 60_000, 60 * 60_000, 3 * 60 * 60_000];

/**
 * Processes a stored event once: it becomes a command about one of our rows, found by the object's id at Stripe. The
 * command asks Stripe for the present state, so events may come late, twice and in any order. It counts as processed
 * only after the command has ended; what failed for a while is tried again.
 */
export async function processStripeEvent(
  deps: Deps,
  { eventId }: Input<"process-stripe-event">,
): Promise<Result<null>> {
  const [[event]] = await deps.db.batch([selectEvent(deps.db, eventId)]);
  if (!event) return refuse("event_unknown");
  if (event.state === "processed") return forgetPayload(deps, event);
  if (event.state !== "received") return done;
  try {
    const aggregateId = await process(deps, event);
    const processedAt = deps.nowMs();
    const changes = { state: "processed", failure: null, processedAt, dueAt: processedAt + payloadKeptMs } as const;
    await write(deps.db, [updateEvent(deps.db, event.id, { ...changes, ...(aggregateId ? { aggregateId } : {}) })]);
  } catch (error) {
    deps.log.error("event_not_processed", error, { eventId, type: event.type });
    await putOff(deps, event, error instanceof Error ? error.message : String(error));
  }
  return done;
}

/** A redelivery changes nothing. When the payload's time is over, the row stays and says that it was. */
async function forgetPayload(deps: Deps, event: StoredEvent): Promise<Result<null>> {
  const isOver = event.dueAt !== null && event.dueAt <= deps.nowMs();
  if (isOver) await write(deps.db, [updateEvent(deps.db, event.id, { payload: "{}", dueAt: null })]);
  return done;
}

/** Does what the event asks for. Answers the aggregate that it was about; undefined when it is about none of ours. */
async function process(deps: Deps, event: StoredEvent): Promise<string | undefined> {
  if (event.type.startsWith("account.")) return processAccountEvent(deps, event);
  if (event.type.startsWith("payment_method.")) return processMethodEvent(deps, event);
  const object = parse(event).data.object;
  const ids = [object.id, idOf(object.payment_intent), idOf(object.charge)].filter((id) => id !== undefined);
  const [owners] = await deps.db.batch([selectOwners(deps.db, ids)]);
  const owner = (id: string | undefined) => owners.find((one) => one.stripeId === id);

  if (event.type.startsWith("checkout.session.")) {
    const found = owner(object.id) ?? claimedFor(object);
    if (!found) return undefined;
    await performForEvent(deps, {
      name: "accept-offer",
      input: { testimonyId: found.aggregateId, checkoutId: found.subjectId, by: { actor: "stripe" } },
    });
    return found.aggregateId;
  }
  if (event.account !== null) {
    const isIntent = event.type.startsWith("payment_intent.");
    return processPaymentEvent(deps, event, isIntent ? object.id : idOf(object.payment_intent));
  }
  if (event.type.startsWith("charge.dispute.")) {
    const found = owner(idOf(object.charge)) ?? (await settleFirst(deps, object));
    if (!found) return undefined;
    await performForEvent(deps, {
      name: "record-dispute",
      input: { testimonyId: found.aggregateId, disputeId: object.id },
    });
    return found.aggregateId;
  }
  if (event.type.startsWith("transfer.")) {
    const found = owner(object.id) ?? (await refuseUnanswered(deps, object));
    if (!found) return undefined;
    await performForEvent(deps, {
      name: "record-reversal",
      input: { testimonyId: found.aggregateId, payoutId: found.subjectId },
    });
    return found.aggregateId;
  }
  if (event.type === "charge.refunded" || event.type.startsWith("refund.") || event.type === "charge.refund.updated") {
    const payment = owner(idOf(object.payment_intent)) ?? (await settleFirst(deps, object));
    if (!payment) return undefined;
    const refund = owner(object.id);
    if (refund && refund.subjectId !== payment.subjectId) {
      await performForEvent(deps, {
        name: "check-refund",
        input: { testimonyId: refund.aggregateId, refundId: refund.subjectId },
      });
    }
    await performForEvent(deps, {
      name: "record-refund-at-stripe",
      input: { testimonyId: payment.aggregateId, checkoutId: payment.subjectId },
    });
    return payment.aggregateId;
  }
  return undefined;
}

/**
 * News about a payment may overtake the payment's own event, which may also be lost. Then the ids bound to the payment
 * say whose it is, and it is settled first: what follows needs its charge in our books.
 */
async function settleFirst(deps: Deps, object: EventObject): Promise<Owner | undefined> {
  const paymentIntentId = idOf(object.payment_intent);
  if (paymentIntentId === undefined) return undefined;
  const asked = await retrievePaymentMetadata(deps.stripe, paymentIntentId);
  if (!asked.ok && asked.failure.meaning === "refused") return undefined;
  if (!asked.ok) throw new Error(`payment of ${object.id}: ${asked.failure.kind}`);
  const found = claimedFor({ id: paymentIntentId, metadata: asked.value });
  if (!found) return undefined;
  await performForEvent(deps, {
    name: "accept-offer",
    input: { testimonyId: found.aggregateId, checkoutId: found.subjectId, by: { actor: "stripe" } },
  });
  return found;
}

/** A transfer whose making was never answered is not in the directory yet: news of it waits until it is. */
async function refuseUnanswered(deps: Deps, { id, metadata }: EventObject): Promise<undefined> {
  const { testimony_id: testimonyId, payout_id: payoutId } = metadata ?? {};
  const aggregate = testimonyId && isId(testimonyId) ? await loadTestimony(deps.db, testimonyId) : undefined;
  const isOpen = aggregate?.openEffects.some((one) => one.kind === "create-transfer" && one.subjectId === payoutId);
  if (isOpen) throw new Error(`${id} is not answered yet`);
}

async function putOff(deps: Deps, event: StoredEvent, failure: string): Promise<void> {
  const attempts = event.attempts + 1;
  const delayMs = retryDelaysMs[Math.min(event.attempts, retryDelaysMs.length - 1)] ?? 0;
  const isDead = attempts >= attemptsMax;
  await write(deps.db, [
    updateEvent(deps.db, event.id, {
      attempts,
      failure: failure.slice(0, 500),
      ...(isDead ? { state: "dead", dueAt: null } : { dueAt: deps.nowMs() + delayMs }),
    }),
  ]);
}

interface EventObject {
  id: string;
  payment_intent?: unknown;
  charge?: unknown;
  metadata?: Record<string, string> | null;
}

/** Which of our aggregates, and which of its rows, an object at Stripe belongs to. */
interface Owner {
  aggregateId: string;
  subjectId: string;
}

function parse(event: StoredEvent): { data: { object: EventObject } } {
  return JSON.parse(event.payload);
}

function idOf(reference: unknown): string | undefined {
  if (typeof reference === "string") return reference;
  const id = (reference as { id?: unknown } | null | undefined)?.id;
  return typeof id === "string" ? id : undefined;
}

/**
 * A session whose creation was never answered is not in the directory yet: the ids bound to it name the claimed checkout.
 * They only choose what to look at; the operation trusts nothing but our rows and Stripe's own answer.
 */
function claimedFor({ metadata }: EventObject): Owner | undefined {
  const aggregateId = metadata?.testimony_id;
  const subjectId = metadata?.checkout_id;
  return aggregateId && subjectId && isId(aggregateId) && isId(subjectId) ? { aggregateId, subjectId } : undefined;
}
