import type { PaymentAggregate } from "../../db/payments";
import { adjust, type LedgerAccount, type PostingLine } from "../../domain/ledger";
import type { ConnectedRefundFacts, FeeFacts } from "../../stripe/connected-refunds";
import type { DisputeFacts } from "../../stripe/disputes";
import type { IntentFacts } from "../../stripe/payment-intents";

/** What Stripe has told of a payment. What is undefined was not asked for, and stays as it is. */
export interface Told {
  intent?: IntentFacts | undefined;
  refunds?: readonly ConnectedRefundFacts[] | undefined;
  fee?: FeeFacts | undefined;
  disputes?: readonly DisputeFacts[] | undefined;
  /** Not all that was asked for was answered: it must be asked for again. */
  isIncomplete?: boolean;
}

type Target = Partial<Record<LedgerAccount, number>>;

/**
 * The lines that bring the books to what Stripe has told, per Stripe object: hearing it twice, or in another order, posts
 * nothing. The shopper's money is the seller's; ours is the fee (decisions P11). Stripe's own fees come to the platform
 * separately, and are booked by the clock.
 */
export function paymentPostings({ payment, posted }: PaymentAggregate, told: Told): PostingLine[] {
  return [...targetsOf(told)].flatMap(([reference, target]) => {
    const lines = posted.filter((line) => line.reference === reference);
    const sums = new Map(lines.map(({ account, sumMinor }) => [account, sumMinor] as const));
    return adjust(target, sums, payment.currency, reference);
  });
}

function* targetsOf({ intent, refunds = [], fee, disputes = [] }: Told): Generator<[string, Target]> {
  const charge = intent?.charge;
  const isPaid = intent?.status === "succeeded";
  if (charge && isPaid) yield [charge.id, sellerGets(intent.receivedMinor)];
  if (charge?.applicationFeeId && isPaid) yield [charge.applicationFeeId, weTake(charge.applicationFeeMinor)];
  for (const refund of fee?.refunds ?? []) yield [refund.id, weTake(-refund.amountMinor)];
  for (const refund of refunds) {
    if (refund.movesMoney) yield [refund.id, sellerGets(refund.status === "failed" ? 0 : -refund.amountMinor)];
  }
  for (const dispute of disputes) yield [dispute.id, sellerGets(-dispute.withheldMinor)];
}

function sellerGets(amountMinor: number): Target {
  return { seller_balance: amountMinor, seller_payable: -amountMinor };
}

function weTake(amountMinor: number): Target {
  return {
    stripe_balance: amountMinor,
    application_fees: -amountMinor,
    seller_balance: -amountMinor,
    seller_payable: amountMinor,
  };
}
