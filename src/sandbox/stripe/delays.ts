/**
 * Real methods take days to decide; here it is a minute, so that a person can wait for it and no test meets it by
 * accident.
 */
export const DECISION_SECONDS = 60;

/** Card funds become available two days after the charge. */
export const SETTLEMENT_SECONDS = 2 * 24 * 60 * 60;

/** An onboarding link works for five minutes. */
export const ACCOUNT_LINK_SECONDS = 5 * 60;

/** An authorization lasts seven days: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method */
export const AUTHORIZATION_SECONDS = 7 * 24 * 60 * 60;

/** Delay between a charge's success and its balance transaction, if fees are reported late. */
export const POSTING_SECONDS = 5;
