import type { TransferView } from "../../db/transfers/transfers";
import type { Result } from "../../domain/result";
import type { Deps } from "../deps";
import { findOpen, resolveTransfer, type TransferAnswer } from "./resolve-transfer";

/**
 * Rejects a transfer for its receiver: no money moves, and the sender is told the reason. Refuses as `findOpen` does.
 */
export async function rejectTransfer(
  deps: Deps,
  { reason, ...input }: TransferAnswer & { reason: string | null },
): Promise<Result<TransferView>> {
  const open = await findOpen(deps, input, "reject");
  if (!open.ok) return open;
  const changes = { rejectedAt: open.value.atMs, rejectionReason: reason };
  return resolveTransfer(deps, open.value, { name: "reject", changes });
}
