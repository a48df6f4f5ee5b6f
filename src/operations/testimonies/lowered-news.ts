import type { Payout } from "../../db/testimonies";
import type { News } from "../change";

/** What an expert is told who is to have less of a payout, by so many minor units. */
export function loweredNews({ testimonyId, id: payoutId, expertId, currency }: Payout, amountMinor: number): News[] {
  if (amountMinor === 0) return [];
  const data = { testimonyId, payoutId, expertId, currency, amountMinor };
  return [{ type: "payout.lowered", data, to: { expert: expertId } }];
}
