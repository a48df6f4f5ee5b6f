/**
 * The state of one charge's money at Stripe at one moment, in minor units. Where Stripe is silent we assume the worse:
 * a pending refund counts as gone, and so does what an undecided dispute could still take.
 */
export interface ChargeMoney {
  capturedMinor: number;
  /** Refunds that we requested. */
  refundedByUsMinor: number;
  /** Out-of-band refunds. */
  refundedPastUsMinor: number;
  /** The part of the out-of-band refunds that Stripe has not taken from the balance yet. */
  waitingPastUsMinor: number;
  /** Amount withheld by disputes that are not decided. */
  openMinor: number;
  /** Amount taken by lost disputes. */
  lostMinor: number;
  /** Transfers for this charge's payout, less their reversals. */
  paidOutMinor: number;
  /** Out-of-band transfers of this charge's money, less their reversals. */
  spentPastUsMinor: number;
  hasOpenDispute: boolean;
}

/** Computes how much of a charge's money is still at our disposal. */
export function stillOurs(money: ChargeMoney): number {
  return Math.max(0, money.capturedMinor - money.refundedByUsMinor - money.paidOutMinor - goneMinor(money));
}

/** Computes how much of a charge's money left without our request. */
export function goneMinor(money: ChargeMoney): number {
  return money.refundedPastUsMinor + money.openMinor + money.lostMinor + money.spentPastUsMinor;
}

/** Computes how much of a charge can still be refunded to the client. */
export function refundableMinor(money: ChargeMoney): number {
  const { capturedMinor, refundedByUsMinor, refundedPastUsMinor, openMinor, lostMinor } = money;
  return Math.max(0, capturedMinor - refundedByUsMinor - refundedPastUsMinor - openMinor - lostMinor);
}
