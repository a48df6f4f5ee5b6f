import { write } from "../db/database";
import { putOffTransferWebhook } from "../db/transfers/webhook-records";
import { putOffDelivery } from "../db/webhooks/deliveries";
import { minuteMs } from "../domain/time";
import type { DeliveryJob } from "../domain/webhooks/delivery-job";
import { deliverEvent } from "./deliver-event";
import { deliverTransfer } from "./deliver-transfer";
import type { Delivered, DeliveryDeps } from "./delivery";

/** Delay after which a delivery that failed by a bug is tried again, behind everything else of its receiver. */
const putOffMs = 5 * minuteMs;

/** Does a delivery job: makes one attempt, if it is due, and writes down its result. A doubled job is harmless. */
export async function deliver(deps: DeliveryDeps, job: DeliveryJob): Promise<Delivered> {
  try {
    return await (job.kind === "event" ? deliverEvent(deps, job) : deliverTransfer(deps, job));
  } catch (error) {
    const times = { nowMs: deps.nowMs(), dueAt: deps.nowMs() + putOffMs };
    const isEvent = job.kind === "event";
    await write(deps.db, [isEvent ? putOffDelivery(deps.db, job, times) : putOffTransferWebhook(deps.db, job, times)]);
    throw error;
  }
}
