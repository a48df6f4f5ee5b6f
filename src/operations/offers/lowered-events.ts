import type { Payout } from "../../db/offers/testimonies";
import type { NewEvent } from "../notify";

/** Makes the event that tells an expert that a payout was lowered by so many minor units; none for zero. */
export function loweredEvent(
  { testimonyId, id: payoutId, expertId, currency }: Payout,
  amountMinor: number,
): NewEvent[] {
  if (amountMinor === 0) return [];
  const data = { testimonyId, payoutId, expertId, currency, amountMinor };
  return [{ type: "payout.lowered", data, to: { expert: expertId } }];
}
