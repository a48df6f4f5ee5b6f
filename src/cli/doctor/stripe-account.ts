import { type Finding, unsure, well, wrong } from "./finding.ts";
import type { Worker } from "./worker.ts";

/** Stripe's answer: the object, or the status and the words of its refusal. The status is 0 if there was no answer. */
export type Answer<T> = { ok: true; value: T } | Unanswered;

interface Unanswered {
  ok: false;
  status: number;
  message: string;
}

/** The members that are checked of Stripe's account of the platform. */
export interface Account {
  charges_enabled?: boolean;
  country?: string;
  default_currency?: string;
}

/** A page of the platform's connected accounts: who bears the losses of each. */
export interface ConnectedAccounts {
  data: { controller?: { losses?: { payments?: string } } }[];
}

/** When Stripe pays the platform's balance out to its bank, and how much it leaves. */
export interface BalanceSettings {
  payments: {
    payouts: {
      minimum_balance_by_currency: Record<string, number> | null;
      schedule: { interval: string | null } | null;
    } | null;
  };
}

/**
 * Checks whether the platform's account takes payments, settles in euros and can pay experts. A test key can be used
 * before the account is activated.
 * https://docs.stripe.com/api/accounts/object
 */
export function checkAccount({ canPayIn }: Worker, asked: Answer<Account>, isLive: boolean): Finding[] {
  if (!asked.ok) return [unseen(asked)];
  const { charges_enabled: isActive, country = "", default_currency: currency } = asked.value;
  const activate = "Activate it: https://dashboard.stripe.com/account/onboarding";
  return [
    isActive
      ? well("The Stripe account takes payments.")
      : isLive
        ? wrong("The Stripe account takes no payments yet", activate)
        : unsure("The Stripe account takes no real payments yet", activate),
    currency === "eur"
      ? well("It settles in euros.")
      : wrong(
          `It settles in ${currency}: payouts to experts are refused in another currency than the offer's`,
          "Add a bank account in euros, or use a Stripe account that settles in them.",
        ),
    canPayIn(country)
      ? well(`Transfers from ${country} reach the EEA, the United Kingdom, Switzerland, Canada and the United States.`)
      : wrong(`Transfers from ${country} do not reach experts`, "Use a Stripe account of a country of the EEA."),
  ];
}

/** Tells whether Stripe would say the same of whatever else is asked: it was not reached, or does not take the key. */
export function saysNoToAll(asked: Answer<unknown>): boolean {
  return !asked.ok && (asked.status === 0 || asked.status === 401);
}

function unseen({ status, message }: Unanswered): Finding {
  if (status === 0) return wrong(`Stripe does not answer: ${message}`, "Is this machine online? Run it again.");
  if (status === 401) return wrong(`Stripe does not take the key: ${message}`, "Set STRIPE_SECRET_KEY to a valid one.");
  return wrong(`The Stripe account cannot be seen: ${message}`, "Let the key read it.");
}

/**
 * Checks whether Connect is set up. Stripe does not show what the platform has agreed to, so it is concluded from the
 * accounts that were opened; without one, it cannot be seen.
 *
 * https://docs.stripe.com/connect
 */
export function checkConnect(asked: Answer<ConnectedAccounts>): Finding[] {
  const signUp = "Sign up for Connect: https://dashboard.stripe.com/connect";
  if (!asked.ok) return [wrong(`Connect is not there: ${asked.message}`, signUp)];
  const isSigned = asked.value.data.some(({ controller }) => controller?.losses?.payments === "application");
  return [
    isSigned
      ? well("Accounts were opened whose losses the platform carries: the platform profile is signed.")
      : unsure(
          "No account was opened yet, and Stripe refuses the first one until the platform profile is signed",
          "Sign it, with the responsibility for losses: https://dashboard.stripe.com/settings/connect/platform-profile",
        ),
    isSigned
      ? well("They were opened by POST /v1/accounts, as Accord opens them.")
      : unsure(
          "Stripe opens no accounts by POST /v1/accounts for a new platform that has not asked for it",
          "Switch Accounts v1 support on: https://dashboard.stripe.com/settings/developers/api-policies/feat_accounts_v1_support",
        ),
  ];
}

/**
 * Checks the payout schedule. Where experts are paid only some time after acceptance (`release`, the setting
 * PAYOUT_RELEASE), their shares lie in the balance for weeks, and only manual payouts leave them there.
 * https://docs.stripe.com/payouts/minimum-balances-for-automatic-payouts
 */
export function checkPayouts(asked: Answer<BalanceSettings>, release = "accepted"): Finding[] {
  if (release !== "accepted") return checkManual(asked, release);
  const todo =
    "Make the platform's payouts manual, or keep a minimum balance: https://dashboard.stripe.com/settings/payouts. Payouts that were held are paid out of the balance.";
  if (!asked.ok) return [unsure(`The payout schedule cannot be seen: ${asked.message}`, todo)];
  const { payouts } = asked.value.payments;
  const interval = payouts?.schedule?.interval ?? "daily";
  if (interval === "manual") return [well("The platform's payouts to its bank are manual.")];
  const minimum = payouts?.minimum_balance_by_currency?.eur ?? 0;
  if (minimum > 0) return [well(`Payouts to the bank are ${interval} and leave a minimum balance.`)];
  return [wrong(`Payouts to the bank are ${interval} and leave nothing`, todo)];
}

function checkManual(asked: Answer<BalanceSettings>, release: string): Finding[] {
  const interval = asked.ok ? (asked.value.payments.payouts?.schedule?.interval ?? "daily") : undefined;
  if (interval === "manual") return [well("The platform's payouts to its bank are manual.")];
  const found = asked.ok ? `are ${interval}` : `cannot be seen: ${asked.message}`;
  return [
    wrong(
      `PAYOUT_RELEASE=${release} needs manual payouts to the bank, and they ${found}`,
      "Make them manual: https://dashboard.stripe.com/settings/payouts. Or take PAYOUT_RELEASE out.",
    ),
  ];
}
