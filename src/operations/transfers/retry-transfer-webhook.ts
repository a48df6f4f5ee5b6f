import type { TransferWebhook } from "../../db/transfers/transfer";
import { jobOf, reviveTransferWebhook, selectTransferWebhookById } from "../../db/transfers/webhook-records";
import { isId } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import type { Deps } from "../deps";

/**
 * Sends a failed record again, once, because its schedule is used up. Refuses `webhook_unknown` for a record that is
 * not the application's own, `webhook_not_failed` for one that is delivered or still tried.
 */
export async function retryTransferWebhook(
  deps: Deps,
  { applicationId, id }: { applicationId: string; id: string },
): Promise<Result<TransferWebhook>> {
  if (!isId(id)) return refuse("webhook_unknown");
  const [[asReceiver], [asSender]] = await deps.db.batch([
    selectTransferWebhookById(deps.db, applicationId, id, "RECEIVER"),
    selectTransferWebhookById(deps.db, applicationId, id, "SENDER"),
  ]);
  const record = asReceiver ?? asSender;
  if (!record) return refuse("webhook_unknown");
  // The row itself decides: between reading and writing, another retry may have delivered it.
  const [[again]] = await deps.db.batch([reviveTransferWebhook(deps.db, record, deps.nowMs())]);
  if (!again) return refuse("webhook_not_failed");
  await deps.enqueueDeliveries([jobOf(again)]);
  return success(again);
}
