import { selectApplication } from "../../db/transfers/applications";
import type { TransferView } from "../../db/transfers/transfers";
import type { Result } from "../../domain/result";
import type { Deps } from "../deps";
import { findOpen, resolveTransfer, type TransferAnswer } from "./resolve-transfer";

/**
 * Takes a transfer back for its sender while it waits: no money moves, and both sides are told. Refuses as `findOpen`
 * does.
 */
export async function cancelTransfer(deps: Deps, input: TransferAnswer): Promise<Result<TransferView>> {
  const open = await findOpen(deps, input, "cancel");
  if (!open.ok) return open;
  const { aggregate, atMs } = open.value;
  const [[receiver]] = await deps.db.batch([selectApplication(deps.db, aggregate.transfer.receiverAppId)]);
  const receiverUrl = receiver?.transactionWebhookUrl ?? null;
  return resolveTransfer(deps, open.value, { name: "cancel", changes: { cancelledAt: atMs }, receiverUrl });
}
