import type { PaymentAggregate } from "../../db/payments/payments";
import { adjust, type LedgerAccount, type PostingLine } from "../../domain/ledger";
import type { Moved } from "../../stripe/moved";
import { isConverted, type StripeSnapshot } from "./stripe-snapshot";

type Target = Partial<Record<LedgerAccount, number>>;

/** The amounts that one object at Stripe should have in the ledger, in one currency. */
type Share = [reference: string, currency: string, target: Target];

/**
 * Makes the lines that bring the ledger to what Stripe reports, per Stripe object: the same report twice, or in another
 * order, posts nothing. The shopper's money is the seller's; the fee is ours. Each side is in the currency that its
 * balance holds: Stripe converts a charge to its account's currency, and our fee to ours
 * (https://docs.stripe.com/connect/currencies). Stripe's own fees come to the platform separately, and the clock books
 * them.
 */
export function paymentPostings({ payment, posted }: PaymentAggregate, snapshot: StripeSnapshot): PostingLine[] {
  const shares = [...sharesOf(payment.currency, isConverted(payment.currency, posted, snapshot), snapshot)];
  const references = new Set(shares.map(([reference]) => reference));
  return [...references].flatMap((reference) => {
    const booked = posted.filter((line) => line.reference === reference);
    const wanted = shares.filter(([name]) => name === reference);
    const currencies = new Set([...booked.map(({ currency }) => currency), ...wanted.map(([, currency]) => currency)]);
    return [...currencies].flatMap((currency) => {
      const sums = new Map(
        booked
          .filter((line) => line.currency === currency)
          .map(({ account, sumMinor }) => [account, sumMinor] as const),
      );
      const target = sumOf(wanted.filter(([, one]) => one === currency).map(([, , one]) => one));
      return adjust(target, sums, currency, reference);
    });
  });
}

function* sharesOf(
  currency: string,
  isConverted: boolean,
  { intent, refunds = [], fee, disputes = [] }: StripeSnapshot,
): Generator<Share> {
  const charge = intent?.charge;
  if (charge && intent?.status === "succeeded") {
    const { moved } = charge;
    // A converted charge's line is net of our fee, so the fee's own line concerns the platform alone.
    if (moved && isConverted) yield [charge.id, moved.currency, sellerGets(moved.netMinor)];
    else yield [charge.id, currency, sellerGets(intent.receivedMinor)];
  }
  if (fee) {
    const both = { ...fee, moved: fee.moved ?? { currency: fee.currency, netMinor: fee.amountMinor } };
    yield* feeShares(both, isConverted ? null : currency, 1);
    for (const refund of fee.refunds) {
      const back = { ...refund, moved: refund.moved ?? { currency: fee.currency, netMinor: -refund.amountMinor } };
      yield* feeShares(back, isConverted ? null : currency, -1);
    }
  }
  for (const { id, movesMoney, moved, status, amountMinor } of refunds) {
    if (moved && isConverted) yield [id, moved.currency, sellerGets(moved.netMinor)];
    else if (movesMoney) yield [id, currency, sellerGets(status === "failed" ? 0 : -amountMinor)];
  }
  for (const { id, moved, withheldMinor } of disputes) {
    yield [id, moved?.currency ?? currency, sellerGets(-withheldMinor)];
  }
}

/**
 * Lists our side of a fee or of its refund, and the seller's side unless a conversion includes it in the charge's line.
 */
function* feeShares(
  { id, amountMinor, moved }: { id: string; amountMinor: number; moved: Pick<Moved, "currency" | "netMinor"> },
  sellersCurrency: string | null,
  sign: 1 | -1,
): Generator<Share> {
  yield [id, moved.currency, { stripe_balance: moved.netMinor, application_fees: -moved.netMinor }];
  if (sellersCurrency !== null) yield [id, sellersCurrency, sellerGets(-sign * amountMinor)];
}

function sellerGets(amountMinor: number): Target {
  return { seller_balance: amountMinor, seller_payable: -amountMinor };
}

function sumOf(targets: readonly Target[]): Target {
  const sum: Target = {};
  for (const target of targets) {
    for (const [account, minor] of Object.entries(target) as [LedgerAccount, number][]) {
      sum[account] = (sum[account] ?? 0) + minor;
    }
  }
  return sum;
}
