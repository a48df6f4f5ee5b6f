import { write } from "../db/database";
import { putOffTransferWebhook } from "../db/transfer-webhooks";
import { putOffDelivery } from "../db/webhook-deliveries";
import type { Errand } from "../domain/errand";
import { deliverEvent } from "./deliver-event";
import { deliverTransfer } from "./deliver-transfer";
import type { Delivered, DeliveryDeps } from "./delivery";

/** Delay after which a delivery that failed by a bug is tried again, behind everything else of its receiver. */
const putOffMs = 5 * 60_000;

/** Does a delivery job: makes one attempt, if it is due, and writes down its result. A doubled job is harmless. */
export async function deliver(deps: DeliveryDeps, errand: Errand): Promise<Delivered> {
  try {
    return await (errand.kind === "event" ? deliverEvent(deps, errand) : deliverTransfer(deps, errand));
  } catch (error) {
    const times = { nowMs: deps.nowMs(), dueAt: deps.nowMs() + putOffMs };
    const isEvent = errand.kind === "event";
    await write(deps.db, [
      isEvent ? putOffDelivery(deps.db, errand, times) : putOffTransferWebhook(deps.db, errand, times),
    ]);
    throw error;
  }
}
