/** 21 %, in basis points. Configuration may name another; each checkout freezes its own. */
export const commissionBasisPointsDefault = 2100;

/** What a client is charged for an offer, frozen on the checkout record. All in minor units. */
export interface Charge {
  priceMinor: number;
  commissionMinor: number;
  totalMinor: number;
  commissionBasisPoints: number;
}

/** Adds the commission on top of the price: integer cents, half up. `price` and rate are non-negative integers. */
export function chargeFor(priceMinor: number, commissionBasisPoints: number): Charge {
  const commissionMinor = Number((BigInt(priceMinor) * BigInt(commissionBasisPoints) + 5_000n) / 10_000n);
  return { priceMinor, commissionMinor, totalMinor: priceMinor + commissionMinor, commissionBasisPoints };
}

/** The highest price that, with its commission, is not above the most that can be charged. Minor units. */
export function highestPrice(totalMaxMinor: number, commissionBasisPoints: number): number {
  const most = (BigInt(totalMaxMinor) * 10_000n + 4_999n) / BigInt(10_000 + commissionBasisPoints); // half a cent more is rounded up
  return Number(most);
}

/** How much of a checkout's commission goes back when so much of its total does: in proportion, half up. */
export function commissionShare(
  { totalMinor, commissionMinor }: Omit<Charge, "commissionBasisPoints">,
  returnedMinor: number,
): number {
  const total = BigInt(totalMinor);
  return Number((BigInt(returnedMinor) * BigInt(commissionMinor) * 2n + total) / (2n * total));
}
