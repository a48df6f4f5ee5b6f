import * as fc from "fast-check";
import type { RefundPlan } from "../../src/sandbox/stripe/test-methods";
import { cards } from "../journey";

/** A step of the offers contract. Numbers choose among what exists. */
export type OffersAction =
  // Clients and experts.
  | { do: "create-testimony"; client: number }
  /** `minutes` is for how long it is valid; without an end if it is absent. */
  | { do: "create-offer"; expert: number; testimony: number; price: number; minutes?: number }
  | { do: "withdraw-offer"; offer: number }
  | { do: "start-checkout"; offer: number; input: number; key: number | null }
  | { do: "pay"; session: number; card: string }
  /** Opens the page, pays, and confirms or not: the beginning of most histories. */
  | { do: "buy"; offer: number; card: string; confirm: boolean }
  | { do: "accept"; session: number; by: "owner" | "foreigner"; key: number | null }
  | { do: "cancel"; testimony: number; key: number | null }
  | { do: "complete"; testimony: number }
  | { do: "onboard"; expert: number; finish: boolean }
  // The operator.
  | { do: "refund"; testimony: number }
  | { do: "refund-part"; testimony: number; percent: number }
  /** `early`: before the date, or the completion, that releases it. */
  | { do: "release-payout"; testimony: number; percent: number | null; early: boolean }
  | { do: "retry-payout"; testimony: number }
  // Out-of-band.
  | { do: "refund-at-stripe"; session: number; percent: number; plan: RefundPlan }
  /** At any moment, also weeks after it succeeded. */
  | { do: "end-refund"; refund: number; status: "succeeded" | "failed" }
  | { do: "reverse-at-stripe"; transfer: number; percent: number }
  | { do: "pay-out-account"; expert: number }
  | { do: "set-capability"; expert: number; active: boolean }
  /** The holder deauthorizes the platform. */
  | { do: "deauthorize"; expert: number }
  /** All that is left, or a part of the whole. */
  | { do: "dispute"; session: number; percent: number | null; inquiry: boolean }
  | { do: "close-dispute"; dispute: number; status: DisputeStatus };

export type DisputeStatus = "won" | "lost" | "warning_closed" | "needs_response";

/** The beginning of a history of offers, which saves steps. */
export interface OffersSetting {
  /** Whether each expert can be paid from the start. */
  onboarded: [boolean, boolean];
  /** For each testimony the experts' prices. */
  testimonies: { client: number; prices: number[] }[];
  /** The rule by which payouts are released (PAYOUT_RELEASE); at acceptance if it is absent. */
  release?: string;
}

const any = fc.nat({ max: 5 });
const key = fc.option(fc.nat({ max: 2 }), { freq: 2 });
/** Prices in euros: ordinary ones, the smallest, and those whose commission ends in half a cent. */
const price = fc.constantFrom(149.5, 80, 0.5, 1.5, 999.99, 33.33, 2500);
const percent = fc.constantFrom(10, 50, 100);

const card = fc.oneof(
  { weight: 10, arbitrary: fc.constant(cards.good) },
  { weight: 2, arbitrary: fc.constantFrom(cards.delayedSucceeds, cards.delayedFails) },
  { weight: 2, arbitrary: fc.constantFrom(cards.refundFails, cards.refundPending) },
  { weight: 1, arbitrary: fc.constantFrom(cards.disputed, cards.declined) },
);

/** Every Stripe call of the offers contract that changes or decides something. */
export const offersCalls = [
  "POST /v1/checkout/sessions",
  "GET /v1/checkout/sessions",
  "GET /v1/checkout/sessions/*",
  "POST /v1/checkout/sessions/*/expire",
  "POST /v1/refunds",
  "GET /v1/refunds",
  "GET /v1/refunds/*",
  "POST /v1/transfers",
  "GET /v1/transfers",
  "GET /v1/transfers/*",
  "POST /v1/transfers/*/reversals",
  "POST /v1/accounts",
  "GET /v1/accounts",
  "GET /v1/accounts/*",
  "POST /v1/account_links",
  "GET /v1/disputes/*",
  "GET /v1/events",
] as const;

const doing = <D extends OffersAction["do"]>(name: D) => fc.constant(name);

const status = fc.constantFrom<DisputeStatus>("won", "won", "lost", "lost", "lost", "warning_closed", "needs_response");
const plan = fc.constantFrom<RefundPlan>("succeed", "succeed", "succeed_then_fail", "pending_then_fail", "fail");

export const refundPart = (testimony: fc.Arbitrary<number>) =>
  fc.record({ do: doing("refund-part"), testimony, percent: fc.constantFrom(10, 33, 50) });

/** Releases a payout, completely or in part. */
export const releasePayout = (testimony: fc.Arbitrary<number>) =>
  fc.record({ do: doing("release-payout"), testimony, percent: fc.constantFrom(null, 50, 90), early: fc.boolean() });

export const refundAtStripe = (session: fc.Arbitrary<number>) =>
  fc.record({ do: doing("refund-at-stripe"), session, percent, plan });

export const endRefund = (refund: fc.Arbitrary<number>) =>
  fc.record({ do: doing("end-refund"), refund, status: fc.constantFrom("failed", "failed", "succeeded") });

export const dispute = (session: fc.Arbitrary<number>) =>
  fc.record({
    do: doing("dispute"),
    session,
    percent: fc.constantFrom(null, null, 50),
    inquiry: fc.constantFrom(false, false, true),
  });

export const closeDispute = (which: fc.Arbitrary<number>) =>
  fc.record({ do: doing("close-dispute"), dispute: which, status });

const createOffer: fc.Arbitrary<OffersAction> = fc.record(
  { do: doing("create-offer"), expert: any, testimony: any, price, minutes: fc.constantFrom(1, 10, 59) },
  { requiredKeys: ["do", "expert", "testimony", "price"] },
);

export const offersActions: fc.WeightedArbitrary<OffersAction>[] = [
  { weight: 2, arbitrary: fc.record({ do: doing("create-testimony"), client: any }) },
  { weight: 4, arbitrary: createOffer },
  { weight: 1, arbitrary: fc.record({ do: doing("withdraw-offer"), offer: any }) },
  { weight: 8, arbitrary: fc.record({ do: doing("start-checkout"), offer: any, input: fc.nat({ max: 1 }), key }) },
  { weight: 20, arbitrary: fc.record({ do: doing("buy"), offer: any, card, confirm: fc.boolean() }) },
  { weight: 8, arbitrary: fc.record({ do: doing("pay"), session: any, card }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: doing("accept"),
      session: any,
      by: fc.constantFrom("owner", "owner", "owner", "foreigner"),
      key,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: doing("cancel"), testimony: any, key }) },
  { weight: 2, arbitrary: fc.record({ do: doing("complete"), testimony: any }) },
  { weight: 3, arbitrary: fc.record({ do: doing("onboard"), expert: any, finish: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: doing("refund"), testimony: any }) },
  { weight: 2, arbitrary: refundPart(any) },
  { weight: 2, arbitrary: releasePayout(any) },
  { weight: 1, arbitrary: fc.record({ do: doing("retry-payout"), testimony: any }) },
  { weight: 2, arbitrary: refundAtStripe(any) },
  { weight: 1, arbitrary: endRefund(any) },
  { weight: 2, arbitrary: fc.record({ do: doing("reverse-at-stripe"), transfer: any, percent }) },
  { weight: 1, arbitrary: fc.record({ do: doing("pay-out-account"), expert: any }) },
  { weight: 2, arbitrary: fc.record({ do: doing("set-capability"), expert: any, active: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: doing("deauthorize"), expert: any }) },
  { weight: 2, arbitrary: dispute(any) },
  { weight: 3, arbitrary: closeDispute(any) },
];

const mostly = fc.constantFrom(true, true, false);

export const offersSetting: fc.Arbitrary<OffersSetting> = fc.record(
  {
    onboarded: fc.tuple(mostly, mostly),
    testimonies: fc.array(fc.record({ client: any, prices: fc.array(price, { minLength: 1, maxLength: 2 }) }), {
      minLength: 1,
      maxLength: 2,
    }),
    release: fc.constantFrom("completed", "days:1", "days:7"),
  },
  { requiredKeys: ["onboarded", "testimonies"] },
);
