/** Real methods take days to decide; here it is a minute, so that a person can wait for it and a test cannot trip on it. */
export const DECISION_SECONDS = 60;

/** Card funds become available two days after the charge. */
export const SETTLEMENT_SECONDS = 2 * 24 * 60 * 60;

/** An onboarding link works for five minutes. */
export const ACCOUNT_LINK_SECONDS = 5 * 60;

/** A card's reservation holds for seven days: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
export const AUTHORIZATION_SECONDS = 7 * 24 * 60 * 60;

/** With late fees, how long after its success a charge has its balance transaction. */
export const POSTING_SECONDS = 5;
