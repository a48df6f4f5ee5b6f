import type Stripe from "stripe";
import type { AccountDetails, AccountFacts } from "../domain/account";
import { controller, factsOf, retrieveKnown } from "./accounts";
import type { StripeGateway } from "./client";
import type { StripeFailure, StripeOutcome } from "./failure";

/** A connected account to be opened, which takes shoppers' payments for a developer. */
export interface ConnectedAccountOrder {
  accountId: string;
  developerId: string;
  email: string;
  country: string;
}

/** The capabilities that card payments on the account itself need, in every country. */
const capabilities: Stripe.AccountCreateParams.Capabilities = {
  card_payments: { requested: true },
  transfers: { requested: true },
};

/**
 * The capabilities of an account in the United States: those of every country, and two more that the contract names.
 * Stripe refuses an account if it refuses one of its capabilities, so they are not requested elsewhere.
 */
const capabilitiesInUs: Stripe.AccountCreateParams.Capabilities = {
  ...capabilities,
  us_bank_transfer_payments: { requested: true },
  link_payments: { requested: true },
};

/** Opens a connected account that takes payments, under the idempotency key `key`. */
export async function createConnectedAccount(
  stripe: StripeGateway,
  { accountId, developerId, email, country }: ConnectedAccountOrder,
  key: string,
): Promise<StripeOutcome<AccountFacts>> {
  const params: Stripe.AccountCreateParams = {
    country,
    email,
    controller,
    capabilities: country === "US" ? capabilitiesInUs : capabilities,
    metadata: { developer_id: developerId, account_id: accountId },
  };
  const outcome = await stripe.call("account", (sdk) => sdk.accounts.create(params, { idempotencyKey: key }));
  return outcome.ok ? { ok: true, value: factsOf(outcome.value) } : outcome;
}

/** Reads a connected account: the facts on which our decisions depend, and the details that its developer may see. */
export async function retrieveConnectedAccount(
  stripe: StripeGateway,
  id: string,
): Promise<StripeOutcome<{ facts: AccountFacts; details: AccountDetails }>> {
  const outcome = await retrieveKnown(stripe, id);
  if (!outcome.ok) return outcome;
  return { ok: true, value: { facts: factsOf(outcome.value), details: detailsOf(outcome.value) } };
}

/** Creates a single-use page that logs the holder in. Its address is a secret: neither stored nor logged. */
export async function createLoginLink(
  stripe: StripeGateway,
  accountId: string,
  key: string,
): Promise<StripeOutcome<{ url: string }>> {
  // Login links have no id, so only their address is checked.
  const outcome = await stripe.callWithoutId("login_link", (sdk) =>
    sdk.accounts.createLoginLink(accountId, {}, { idempotencyKey: key }),
  );
  return outcome.ok ? { ok: true, value: { url: outcome.value.url } } : outcome;
}

/** Tells whether the account holds or owes money, available or pending, in any currency. */
export async function hasBalance(stripe: StripeGateway, accountId: string): Promise<StripeOutcome<boolean>> {
  const outcome = await stripe.callWithoutId("balance", (sdk) =>
    sdk.balance.retrieve({}, { stripeAccount: accountId }),
  );
  if (!outcome.ok) return outcome;
  const { available, pending } = outcome.value;
  return { ok: true, value: [...available, ...pending].some(({ amount }) => amount !== 0) };
}

/** Deletes a connected account. One that is gone already counts as deleted. */
export async function deleteAccount(
  stripe: StripeGateway,
  id: string,
  key: string,
): Promise<StripeOutcome<{ id: string }>> {
  const outcome = await stripe.call("account", (sdk) => sdk.accounts.del(id, {}, { idempotencyKey: key }));
  if (outcome.ok) return { ok: true, value: { id } };
  return isGone(outcome.failure) ? { ok: true, value: { id } } : outcome;
}

/** Tells whether a failure means that the account does not exist, or that we may not see it any more. */
function isGone({ kind }: StripeFailure): boolean {
  return kind === "account_gone" || kind === "not_found";
}

/**
 * Tells whether an account whose deletion has an unknown outcome is gone. The value is undefined if it still exists.
 */
export async function findDeletion(
  stripe: StripeGateway,
  id: string,
): Promise<StripeOutcome<{ id: string } | undefined>> {
  const outcome = await retrieveKnown(stripe, id);
  if (outcome.ok) return { ok: true, value: undefined };
  return isGone(outcome.failure) ? { ok: true, value: { id } } : outcome;
}

function detailsOf(account: Stripe.Account): AccountDetails {
  return {
    id: account.id,
    metadata: account.metadata ?? {},
    email: account.email ?? null,
    country: account.country ?? "US",
    capabilities: { ...account.capabilities },
    createdAtSeconds: account.created ?? 0,
    displayName: account.settings?.dashboard.display_name ?? null,
    chargesEnabled: account.charges_enabled ?? false,
    payoutsEnabled: account.payouts_enabled ?? false,
    detailsSubmitted: account.details_submitted ?? false,
  };
}
