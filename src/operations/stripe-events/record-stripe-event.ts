import { settleAtOnce, storeEvent } from "../../db/stripe-events";
import { done, type Result } from "../../domain/result";
import type { Deps } from "../deps";
import { idOf, objectOf } from "./event-object";
import { isHandled } from "./handled-types";
import { payloadKeptMs } from "./process-stripe-event";

/** Delay after which the sweep processes an event whose job was lost; otherwise the job processes it at once. */
const graceMs = 1_000;

/** A verified event as it is stored. */
interface ReceivedEvent {
  id: string;
  account: string | null;
  type: string;
  objectId: string;
  payload: string;
  createdAtMs: number;
}

/**
 * Stores a verified event, which is processed after Stripe has its answer. Storing it twice is harmless. An event that
 * tells us only what we have asked Stripe about before is processed with that.
 */
export async function recordStripeEvent(deps: Deps, { event }: { event: ReceivedEvent }): Promise<Result<null>> {
  if (!isHandled(event)) return done;
  const { createdAtMs, ...rest } = event;
  const receivedAt = deps.nowMs();
  const row = { ...rest, createdAt: createdAtMs, receivedAt, dueAt: receivedAt + graceMs };
  const times = { processedAt: receivedAt, dueAt: receivedAt + payloadKeptMs };
  const paid = sessionOrPayment(event);
  const [, settled] = await deps.db.batch([
    storeEvent(deps.db, row),
    ...(paid ? [settleAtOnce(deps.db, event.id, paid, times)] : []),
  ]);
  if (settled?.length === 1) return done;
  await deps.enqueueCommands([{ name: "process-stripe-event", input: { eventId: event.id } }]);
  return done;
}

/** Returns the id of the paid session, or of the payment, of an event that is about nothing else. */
function sessionOrPayment(event: ReceivedEvent): string | undefined {
  if (event.account !== null) return undefined;
  if (/^checkout\.session\.(completed|async_payment_succeeded)$/.test(event.type)) return event.objectId;
  return event.type === "charge.updated" ? idOf(objectOf(event).payment_intent) : undefined;
}
