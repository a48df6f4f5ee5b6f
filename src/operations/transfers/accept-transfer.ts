import type { TransferView } from "../../db/transfers/transfers";
import type { Result } from "../../domain/result";
import type { Deps } from "../deps";
import { findOpen, resolveTransfer, type TransferAnswer } from "./resolve-transfer";
import { withinLimits } from "./within-limits";

/**
 * Accepts a transfer for its receiver: both wallets move, and the transfer is over. Refuses as `findOpen` does, then
 * `debit_limit_exceeded` and `wallet_limit_exceeded`, after which the transfer stays open.
 */
export async function acceptTransfer(deps: Deps, input: TransferAnswer): Promise<Result<TransferView>> {
  const open = await findOpen(deps, input, "accept");
  if (!open.ok) return open;
  const changes = { acceptedAt: open.value.atMs };
  return withinLimits(() => resolveTransfer(deps, open.value, { name: "accept", changes }));
}
