import { write } from "../../db/database";
import { type StoredEvent, selectEvent, updateEvent } from "../../db/stripe-events";
import { done, type Result, refuse } from "../../domain/result";
import { dayMs, hourMs, minuteMs, secondMs } from "../../domain/time";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { processAccountEvent } from "./process-account-event";
import { processCustomerEvent } from "./process-customer-event";
import { processMethodEvent } from "./process-method-event";
import { processOfferEvent } from "./process-offer-event";
import { processPaymentEvent } from "./process-payment-event";

/** After this many attempts, over about a day, an event waits for an operator. */
const attemptsMax = 12;

/** Time for which payloads are kept, as long as Stripe lists its events. They contain personal data. */
export const payloadKeptMs = 30 * dayMs;

const retryDelaysMs = [2 * secondMs, 10 * secondMs, minuteMs, 5 * minuteMs, 15 * minuteMs, hourMs, 3 * hourMs];

/**
 * Processes a stored event once: it becomes a command about one of our rows, found by the object's id at Stripe. The
 * command asks Stripe for the present state, so events may come late, twice and in any order. An event counts as
 * processed only after its command has ended; a transient failure is tried again.
 */
export async function processStripeEvent(
  deps: Deps,
  { eventId }: FollowUps["process-stripe-event"],
): Promise<Result<null>> {
  const [[event]] = await deps.db.batch([selectEvent(deps.db, eventId)]);
  if (!event) return refuse("event_unknown");
  if (event.state !== "received") return done;
  // The object of the event may be lost; the search for it comes first, and the sweep then takes up the event.
  if ((await deps.restored())?.isRecovering) return done;
  try {
    const aggregateId = await process(deps, event);
    const processedAt = deps.nowMs();
    const changes = { state: "processed", failure: null, processedAt, dueAt: processedAt + payloadKeptMs } as const;
    await write(deps.db, [updateEvent(deps.db, event, { ...changes, ...(aggregateId ? { aggregateId } : {}) })]);
  } catch (error) {
    deps.log.error("event_not_processed", error, { eventId, type: event.type });
    await putOff(deps, event, error instanceof Error ? error.message : String(error));
  }
  return done;
}

/** Processes the event. Returns the id of the aggregate that it was about; undefined if it was about none of ours. */
async function process(deps: Deps, event: StoredEvent): Promise<string | undefined> {
  if (event.type.startsWith("account.")) return processAccountEvent(deps, event);
  if (event.type === "customer.deleted") return processCustomerEvent(deps, event);
  if (event.type.startsWith("payment_method.")) return processMethodEvent(deps, event);
  return event.account === null ? processOfferEvent(deps, event) : processPaymentEvent(deps, event);
}

async function putOff(deps: Deps, event: StoredEvent, failure: string): Promise<void> {
  const attempts = event.attempts + 1;
  const delayMs = retryDelaysMs[Math.min(event.attempts, retryDelaysMs.length - 1)] ?? 0;
  const isDead = attempts >= attemptsMax;
  await write(deps.db, [
    updateEvent(deps.db, event, {
      attempts,
      failure: failure.slice(0, 500),
      ...(isDead ? { state: "dead", dueAt: null } : { dueAt: deps.nowMs() + delayMs }),
    }),
  ]);
}
