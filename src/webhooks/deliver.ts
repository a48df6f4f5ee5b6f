import { write } from "../db/database";
import { putOffTransferWebhook } from "../db/transfer-webhooks";
import { putOffDelivery } from "../db/webhook-deliveries";
import type { Errand } from "../domain/errand";
import { deliverEvent } from "./deliver-event";
import { deliverTransfer } from "./deliver-transfer";
import type { Delivered, DeliveryDeps } from "./delivery";

/** What a bug keeps from being told is tried again after this long, behind everything else of its receiver. */
const putOffMs = 5 * 60_000;

/** Goes an errand: makes one attempt, if it is time, and writes down how it went. A doubled message is harmless. */
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
