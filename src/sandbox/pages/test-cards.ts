interface TestCard {
  readonly number: string;
  readonly effect: string;
}

/** The numbers that Stripe publishes for its test mode, grouped by their effect. */
export const TEST_CARDS: readonly {
  readonly title: string;
  readonly method: string;
  readonly cards: readonly TestCard[];
}[] = [
  {
    title: "Pays",
    method: "card",
    cards: [
      { number: "4242 4242 4242 4242", effect: "Pays at once" },
      { number: "4000 0025 0000 3155", effect: "Asks to authenticate" },
    ],
  },
  {
    title: "Is declined",
    method: "card",
    cards: [
      { number: "4000 0000 0000 0002", effect: "Declined" },
      { number: "4000 0000 0000 9995", effect: "Insufficient funds" },
      { number: "4000 0000 0000 0069", effect: "Expired card" },
      { number: "4000 0000 0000 0127", effect: "Wrong security code" },
    ],
  },
  {
    title: "Pays, with trouble later",
    method: "card",
    cards: [
      { number: "4000 0000 0000 0259", effect: "Disputed later" },
      { number: "4000 0000 0000 5126", effect: "Refund fails later" },
    ],
  },
  {
    title: "Bank debit",
    method: "sepa_debit",
    cards: [
      { number: "AT61 1904 3002 3457 3201", effect: "Succeeds later" },
      { number: "AT86 1904 3002 3547 3202", effect: "Fails later" },
    ],
  },
];
