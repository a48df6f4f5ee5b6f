import type Stripe from "stripe";
import type { AccountFacts } from "../domain/account";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import { failure, type StripeOutcome } from "./failure";
import { findInList, type PageRequest, type Sought } from "./read-list";

/** A connected account to be opened for an expert (src/guides/decisions.md#paying-the-expert). */
export interface AccountOrder {
  userId: string;
  email: string;
  country: string;
  /** The capabilities to request: taking cards as well, unless Stripe has approved of transfers alone. */
  capabilities: readonly ExpertCapability[];
}

/** The capabilities that an expert's account may request. */
export type ExpertCapability = "card_payments" | "transfers";

/** In every account of ours the platform pays the fees and bears losses; the holder gets Stripe's Express dashboard. */
export const controller = {
  fees: { payer: "application" },
  losses: { payments: "application" },
  stripe_dashboard: { type: "express" },
} as const satisfies Stripe.AccountCreateParams.Controller;

/** Opens a connected account that may receive transfers. https://docs.stripe.com/connect/account-capabilities */
export async function createAccount(
  stripe: StripeGateway,
  order: AccountOrder,
  key: string,
): Promise<StripeOutcome<AccountFacts>> {
  const params: Stripe.AccountCreateParams = {
    country: order.country,
    email: order.email,
    controller,
    capabilities: Object.fromEntries(order.capabilities.map((name) => [name, { requested: true }])),
    metadata: { user_id: order.userId },
  };
  return facts(await stripe.call("account", (sdk) => sdk.accounts.create(params, { idempotencyKey: key })));
}

/** Looks for the account that was opened with this metadata and an unknown outcome. */
export async function findAccount(
  stripe: StripeGateway,
  [name, value]: readonly [name: string, value: string],
  start: ListPosition,
): Promise<Sought<AccountFacts>> {
  const request: PageRequest<Stripe.Account> = (sdk, page) => sdk.accounts.list(page);
  const sought = await findInList(stripe, request, start, ({ metadata }) => metadata?.[name] === value);
  return { ...sought, found: sought.found && factsOf(sought.found) };
}

/** Reads an account's present facts. */
export async function retrieveAccount(stripe: StripeGateway, id: string): Promise<StripeOutcome<AccountFacts>> {
  return facts(await retrieveKnown(stripe, id));
}

/** Reads the currency in which an account settles its charges; with null, the platform's own. */
export async function retrieveDefaultCurrency(
  stripe: StripeGateway,
  id: string | null,
): Promise<StripeOutcome<string | undefined>> {
  const outcome = await stripe.call<Stripe.Account>("account", (sdk) => sdk.accounts.retrieve(id));
  return outcome.ok ? { ok: true, value: outcome.value.default_currency } : outcome;
}

/** Reads an account that we have opened. One that Stripe does not find any more is gone, whatever Stripe calls it. */
export async function retrieveKnown(stripe: StripeGateway, id: string): Promise<StripeOutcome<Stripe.Account>> {
  const outcome = await stripe.call("account", (sdk) => sdk.accounts.retrieve(id));
  if (outcome.ok || outcome.failure.kind !== "not_found") return outcome;
  return { ok: false, failure: failure("account_gone", outcome.failure.message) };
}

/** Creates a single-use onboarding page. Its address is a secret: neither stored nor logged. */
export async function createOnboardingLink(
  stripe: StripeGateway,
  order: { accountId: string; returnUrl: string; refreshUrl: string },
  key: string,
): Promise<StripeOutcome<{ url: string; expiresAtSeconds: number }>> {
  // Account links have no id, so only their address is checked.
  const outcome = await stripe.callWithoutId("account_link", (sdk) =>
    sdk.accountLinks.create(
      {
        account: order.accountId,
        type: "account_onboarding",
        return_url: order.returnUrl,
        refresh_url: order.refreshUrl,
      },
      { idempotencyKey: key },
    ),
  );
  return outcome.ok
    ? { ok: true, value: { url: outcome.value.url, expiresAtSeconds: outcome.value.expires_at } }
    : outcome;
}

function facts(outcome: StripeOutcome<Stripe.Account>): StripeOutcome<AccountFacts> {
  return outcome.ok ? { ok: true, value: factsOf(outcome.value) } : outcome;
}

/** Returns the facts on which our decisions depend. */
export function factsOf(account: Stripe.Account): AccountFacts {
  return {
    id: account.id,
    transfers: account.capabilities?.transfers ?? "inactive",
    cardPayments: account.capabilities?.card_payments ?? "inactive",
    chargesEnabled: account.charges_enabled ?? false,
    detailsSubmitted: account.details_submitted ?? false,
    disabledReason: account.requirements?.disabled_reason ?? null,
    due: account.requirements?.currently_due ?? [],
    pendingVerification: account.requirements?.pending_verification ?? [],
  };
}
