import { write } from "../db/database";
import { putOffTransferWebhook } from "../db/transfers/webhook-records";
import { putOffDelivery } from "../db/webhooks/deliveries";
import { minuteMs } from "../domain/time";
import type { DeliveryJob, EventDeliveryJob } from "../domain/webhooks/delivery-job";
import {
  deliverEvent,
  isPlainSuccess,
  type Read,
  type Sent,
  sendEvent,
  writeDown,
  writeSuccesses,
} from "./deliver-event";
import { deliverTransfer } from "./deliver-transfer";
import { type Delivered, type DeliveryDeps, nothing } from "./delivery";

/** Delay after which a delivery that failed by a bug is tried again, behind everything else of its receiver. */
const putOffMs = 5 * minuteMs;

/** Does a delivery job: makes one attempt, if it is due, and writes down its result. A doubled job is harmless. */
export async function deliver(deps: DeliveryDeps, job: DeliveryJob): Promise<Delivered> {
  return orPutOff(deps, job, () => (job.kind === "event" ? deliverEvent(deps, job) : deliverTransfer(deps, job)));
}

/**
 * Does the delivery job of an event that was read together with others. Returns a plain success without writing it
 * down: the caller writes those together.
 */
export async function deliverRead(deps: DeliveryDeps, job: EventDeliveryJob, read: Read): Promise<Delivered | Sent> {
  return orPutOff(deps, job, async () => {
    const sent = await sendEvent(deps, job, read);
    if (!sent) return nothing;
    return isPlainSuccess(sent) ? sent : writeDown(deps, sent);
  });
}

/**
 * Writes down plain successes of one endpoint together. What cannot be written down so is by itself, so that one
 * delivery never keeps the others. Returns the errors of those that were put off.
 */
export async function writeTogether(
  deps: DeliveryDeps,
  endpointId: string,
  successes: readonly (Sent & { job: EventDeliveryJob })[],
): Promise<unknown[]> {
  const left: readonly Sent[] = await writeSuccesses(deps, endpointId, successes).catch(() => successes);
  const errors: unknown[] = [];
  for (const success of successes.filter((one) => left.includes(one))) {
    await orPutOff(deps, success.job, () => writeDown(deps, success)).catch((error) => errors.push(error));
  }
  return errors;
}

async function orPutOff<T>(deps: DeliveryDeps, job: DeliveryJob, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const times = { nowMs: deps.nowMs(), dueAt: deps.nowMs() + putOffMs };
    const isEvent = job.kind === "event";
    await write(deps.db, [isEvent ? putOffDelivery(deps.db, job, times) : putOffTransferWebhook(deps.db, job, times)]);
    throw error;
  }
}
