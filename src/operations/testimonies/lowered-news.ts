import type { Payout } from "../../db/testimonies";
import type { News } from "../change";

/** Makes the event that tells an expert that a payout was lowered by so many minor units; none for zero. */
export function loweredNews({ testimonyId, id: payoutId, expertId, currency }: Payout, amountMinor: number): News[] {
  if (amountMinor === 0) return [];
  const data = { testimonyId, payoutId, expertId, currency, amountMinor };
  return [{ type: "payout.lowered", data, to: { expert: expertId } }];
}
