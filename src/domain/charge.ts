/**
 * What Stripe says at one moment of the money that one charge took, in minor units. Where Stripe is silent the worse is
 * assumed: a refund on its way is gone, and so is what an undecided dispute could still take.
 */
export interface ChargeMoney {
  capturedMinor: number;
  /** Refunds that we asked for. */
  refundedByUsMinor: number;
  /** Refunds that somebody else made. */
  refundedPastUsMinor: number;
  /** Of those, what Stripe has not taken from the balance yet. */
  waitingPastUsMinor: number;
  /** Withheld by disputes that are not decided. */
  openMinor: number;
  /** Taken by disputes that were lost. */
  lostMinor: number;
  /** Transfers for the payout that this charge is for, less what was reversed of them. */
  paidOutMinor: number;
  /** Transfers of this money by another hand, less what was reversed of them. */
  spentPastUsMinor: number;
  hasOpenDispute: boolean;
}

/** What of a charge's money is still ours. */
export function stillOurs(money: ChargeMoney): number {
  return Math.max(0, money.capturedMinor - money.refundedByUsMinor - money.paidOutMinor - goneMinor(money));
}

/** What went away without our asking. */
export function goneMinor(money: ChargeMoney): number {
  return money.refundedPastUsMinor + money.openMinor + money.lostMinor + money.spentPastUsMinor;
}

/** What a client could still be given back by a refund. */
export function refundableMinor(money: ChargeMoney): number {
  const { capturedMinor, refundedByUsMinor, refundedPastUsMinor, openMinor, lostMinor } = money;
  return Math.max(0, capturedMinor - refundedByUsMinor - refundedPastUsMinor - openMinor - lostMinor);
}
