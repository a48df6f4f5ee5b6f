import * as fc from "fast-check";

/** The terms of a transfer. `from` and `to` choose among the tags; the amount is of scale 4. */
export interface TransferTerms {
  from: number;
  to: number;
  amount: number;
  currency: "NGN" | "EUR";
  callback: boolean;
}

/** The caller: the application that receives, the one that sends, or neither. */
export type Party = "receiver" | "sender" | "stranger";

/** An end that a party makes. */
export type End = "accept" | "reject" | "cancel";

/** A step of the transfers contract. Numbers choose among what exists. */
export type TransfersAction =
  // Applications.
  | { do: "initiate-transfer"; terms: TransferTerms; key: number | null }
  | { do: "accept-transfer"; transfer: number; by: Party; key: number | null }
  | { do: "reject-transfer"; transfer: number; by: Party; key: number | null }
  | { do: "cancel-transfer"; transfer: number; by: Party; key: number | null }
  /** Initiates and accepts: the course of most transfers. */
  | { do: "send"; terms: TransferTerms }
  /** Several answers of the parties at once. */
  | { do: "answer-together"; transfer: number; ends: End[] }
  | { do: "view-transfer"; transfer: number; by: Party }
  | { do: "view-wallet"; application: number; currency: "NGN" | "EUR" }
  | { do: "settle-day"; daysAgo: number; by: "administrator" | "other" }
  | { do: "retry-webhook"; application: number }
  | { do: "change-key"; application: number; encrypted: boolean }
  // The operator.
  | { do: "limit-debits"; application: number; limit: number | null }
  // The receivers of webhooks.
  | { do: "inbox"; application: number; mode: "ok" | "fail" | "gone" | "throttle" | "redirect" }
  // Time: to so many seconds after the next midnight, or after a transfer's end.
  | { do: "midnight"; seconds: number }
  | { do: "expiry"; transfer: number; seconds: number };

const any = fc.nat({ max: 5 });
const key = fc.option(fc.nat({ max: 2 }), { freq: 2 });
const party = fc.constantFrom<Party>("receiver", "receiver", "receiver", "receiver", "sender", "stranger");
const takingBack = fc.constantFrom<Party>("sender", "sender", "sender", "sender", "receiver", "stranger");
const currency = fc.constantFrom("NGN" as const, "NGN" as const, "NGN" as const, "EUR" as const);

const terms: fc.Arbitrary<TransferTerms> = fc.record({
  from: any,
  to: any,
  // Ordinary amounts, the smallest, one with all its decimals, and the largest, of which no wallet holds two.
  amount: fc.constantFrom(15_000_000, 15_000_000, 2, 120_301, 5_000, Number.MAX_SAFE_INTEGER),
  currency,
  callback: fc.constantFrom(true, true, false),
});

const around = fc.constantFrom(-2, -1, 0, 1, 61);
const doing = <D extends TransfersAction["do"]>(name: D) => fc.constant(name);

export const transfersActions: fc.WeightedArbitrary<TransfersAction>[] = [
  { weight: 12, arbitrary: fc.record({ do: doing("initiate-transfer"), terms, key }) },
  { weight: 14, arbitrary: fc.record({ do: doing("accept-transfer"), transfer: any, by: party, key }) },
  { weight: 8, arbitrary: fc.record({ do: doing("reject-transfer"), transfer: any, by: party, key }) },
  { weight: 6, arbitrary: fc.record({ do: doing("cancel-transfer"), transfer: any, by: takingBack, key }) },
  { weight: 16, arbitrary: fc.record({ do: doing("send"), terms }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: doing("answer-together"),
      transfer: any,
      ends: fc.array(fc.constantFrom<End>("accept", "accept", "reject", "cancel"), { minLength: 2, maxLength: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: doing("view-transfer"), transfer: any, by: party }) },
  { weight: 2, arbitrary: fc.record({ do: doing("view-wallet"), application: any, currency }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: doing("settle-day"),
      daysAgo: fc.constantFrom(1, 1, 1, 2, 0),
      by: fc.constantFrom("administrator", "administrator", "administrator", "other"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: doing("retry-webhook"), application: any }) },
  { weight: 1, arbitrary: fc.record({ do: doing("change-key"), application: any, encrypted: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: doing("limit-debits"),
      application: any,
      limit: fc.constantFrom(null, null, 0, 15_000_000, 20_000_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: doing("inbox"),
      application: any,
      mode: fc.constantFrom("ok", "ok", "fail", "fail", "gone", "gone", "throttle", "redirect"),
    }),
  },
  { weight: 7, arbitrary: fc.record({ do: doing("midnight"), seconds: around }) },
  { weight: 3, arbitrary: fc.record({ do: doing("expiry"), transfer: any, seconds: around }) },
];

/** The transfers at the beginning of a history, which save steps. */
export const openingTransfers: fc.Arbitrary<TransferTerms[]> = fc.array(terms, { minLength: 2, maxLength: 4 });
