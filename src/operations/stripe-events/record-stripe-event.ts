import { storeEvent } from "../../db/stripe-events";
import { done, type Result } from "../../domain/result";
import type { Deps } from "../deps";
import { isHandled } from "./handled-types";

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

/** Stores a verified event, which is processed after Stripe has its answer. Storing it twice is harmless. */
export async function recordStripeEvent(deps: Deps, { event }: { event: ReceivedEvent }): Promise<Result<null>> {
  if (!isHandled(event)) return done;
  const { createdAtMs, ...rest } = event;
  const receivedAt = deps.nowMs();
  const row = { ...rest, createdAt: createdAtMs, receivedAt, dueAt: receivedAt + graceMs };
  await deps.db.batch([storeEvent(deps.db, row)]);
  await deps.enqueueCommands([{ name: "process-stripe-event", input: { eventId: event.id } }]);
  return done;
}
