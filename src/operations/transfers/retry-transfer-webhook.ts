import { lastVersion } from "../../db/position";
import type { TransferWebhook } from "../../db/transfers/transfer";
import { jobOf, reviveTransferWebhook, selectTransferWebhookById } from "../../db/transfers/webhook-records";
import { isId } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { ByOperator, Deps } from "../deps";

/**
 * Sends a failed record again, once, because its schedule is used up. Refuses `webhook_unknown` for a record that is
 * not the application's own, `webhook_not_failed` for one that is delivered or still tried. What an operator sends again
 * is in the transfer's journal.
 */
export async function retryTransferWebhook(
  deps: Deps,
  { applicationId, id, by }: { applicationId: string; id: string; by?: ByOperator },
): Promise<Result<TransferWebhook>> {
  if (!isId(id)) return refuse("webhook_unknown");
  const [[asReceiver], [asSender]] = await deps.db.batch([
    selectTransferWebhookById(deps.db, applicationId, id, "RECEIVER"),
    selectTransferWebhookById(deps.db, applicationId, id, "SENDER"),
  ]);
  const record = asReceiver ?? asSender;
  if (!record) return refuse("webhook_unknown");
  if (by) return retryByOperator(deps, record, by);
  // The row itself decides: between reading and writing, another retry may have delivered it.
  const [[again]] = await deps.db.batch([reviveTransferWebhook(deps.db, record, deps.nowMs())]);
  if (!again) return refuse("webhook_not_failed");
  await deps.enqueueDeliveries([jobOf(again)]);
  return success(again);
}

async function retryByOperator(deps: Deps, record: TransferWebhook, by: ByOperator): Promise<Result<TransferWebhook>> {
  if (record.state !== "FAILED") return refuse("webhook_not_failed");
  const { transferId: aggregateId, applicationId: tenant } = record;
  const [[last]] = await deps.db.batch([lastVersion(deps.db, aggregateId)]);
  const position = { aggregateId, tenant, version: last?.version ?? 0, sequence: 0 };
  const rows = [reviveTransferWebhook(deps.db, record, deps.nowMs())];
  const data = { ...by, webhookId: record.id };
  const answer = success(record);
  await appendChange(deps, position, { name: "retry-transfer-webhook", actor: "operator", data, rows, answer });
  await deps.enqueueDeliveries([jobOf(record)]);
  return answer;
}
