import type { Statement } from "../../db/database";
import type { Payout, TestimonyAggregate } from "../../db/offers/testimonies";
import { bucketOf } from "../../domain/id";
import { paramsOf } from "../call-params";
import type { Command } from "../commands";
import type { Deps } from "../deps";
import { reserveCall } from "../effects";
import type { AskedRefund } from "./reserve-refund";

/** Makes the pending call that reverses an amount of a payout's transfer, and the command that executes it. */
export function reserveReversal(
  deps: Deps,
  payout: Payout,
  amountMinor: number,
  isLast: boolean,
  refund: AskedRefund = {},
): { row: Statement; command: Command } {
  const { testimonyId: aggregateId, id: payoutId } = payout;
  const id = deps.newId(bucketOf(aggregateId));
  const params = { transferId: payout.transferId ?? "", amountMinor, payoutId, isLast, refund };
  const row = reserveCall(deps, { aggregateId, id, kind: "reverse-transfer", subjectId: payoutId, params });
  return { row, command: { name: "resume-effect", input: { root: "testimony", aggregateId, effectId: id } } };
}

/** Sums what other pending reversals of a payout are to take back. */
export function reservedMinor({ openEffects }: TestimonyAggregate, payout: Payout, exceptId?: string): number {
  return openEffects
    .filter((one) => one.kind === "reverse-transfer" && one.subjectId === payout.id && one.id !== exceptId)
    .reduce((sum, one) => sum + paramsOf(one, "reverse-transfer").amountMinor, 0);
}
