/**
 * The default commission of 21 %, in basis points. Configuration may name another; each checkout keeps the rate that it
 * began with.
 */
export const commissionBasisPointsDefault = 2100;

/** The amounts that a client is charged for an offer, fixed when the checkout begins. All are minor units. */
export interface Charge {
  priceMinor: number;
  commissionMinor: number;
  totalMinor: number;
  commissionBasisPoints: number;
}

/**
 * Adds the commission to the price: in integer cents, rounded half up. The price and the rate are non-negative
 * integers.
 */
export function chargeFor(priceMinor: number, commissionBasisPoints: number): Charge {
  const commissionMinor = Number((BigInt(priceMinor) * BigInt(commissionBasisPoints) + 5_000n) / 10_000n);
  return { priceMinor, commissionMinor, totalMinor: priceMinor + commissionMinor, commissionBasisPoints };
}

/**
 * Computes the highest price whose total, commission included, does not exceed the most that can be charged. Minor
 * units.
 */
export function highestPrice(totalMaxMinor: number, commissionBasisPoints: number): number {
  const most = (BigInt(totalMaxMinor) * 10_000n + 4_999n) / BigInt(10_000 + commissionBasisPoints); // half a cent more is rounded up
  return Number(most);
}

/**
 * Computes the part of a checkout's commission that is returned with a part of its total: in proportion, rounded half
 * up.
 */
export function commissionShare(
  { totalMinor, commissionMinor }: Omit<Charge, "commissionBasisPoints">,
  returnedMinor: number,
): number {
  const total = BigInt(totalMinor);
  return Number((BigInt(returnedMinor) * BigInt(commissionMinor) * 2n + total) / (2n * total));
}
