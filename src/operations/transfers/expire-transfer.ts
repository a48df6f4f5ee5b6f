import { loadTransfer } from "../../db/transfers/transfers";
import { step } from "../../domain/machine";
import { done, type Result, refuse } from "../../domain/result";
import { dayOf } from "../../domain/transfers/day";
import { isOver, transferMachine } from "../../domain/transfers/transfer";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";
import { resolveTransfer } from "./resolve-transfer";

/**
 * Expires a transfer that nobody answered in time, at the clock's request, and tells the sender. A resolved one stays
 * as it is.
 */
export async function expireTransfer(deps: Deps, { reference }: FollowUps["expire-transfer"]): Promise<Result<null>> {
  const atMs = deps.nowMs();
  const aggregate = await loadTransfer(deps.db, reference, dayOf(atMs));
  if (!aggregate) return refuse("transfer_unknown");
  const { transfer } = aggregate;
  if (!step(transferMachine, "expire", transfer.state, "clock") || !isOver(transfer, atMs)) return done;
  await resolveTransfer(deps, { aggregate, atMs }, { name: "expire", changes: {} });
  return done;
}
