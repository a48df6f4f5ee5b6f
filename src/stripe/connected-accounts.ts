import type Stripe from "stripe";
import type { AccountDetails, AccountFacts } from "../domain/account";
import { controller, factsOf, retrieveKnown } from "./accounts";
import type { StripeGateway } from "./client";
import type { StripeFailure, StripeOutcome } from "./failure";

/** An account to be opened that a developer's shoppers pay on. */
export interface ConnectedAccountOrder {
  accountId: string;
  developerId: string;
  email: string;
  country: string;
}

/** What card payments on the account itself need, in every country. */
const capabilities: Stripe.AccountCreateParams.Capabilities = {
  card_payments: { requested: true },
  transfers: { requested: true },
};

/** What the contract asks for besides, under the names that it has there: one refused capability refuses the account. */
const capabilitiesInUs: Stripe.AccountCreateParams.Capabilities = {
  ...capabilities,
  us_bank_transfer_payments: { requested: true },
  link_payments: { requested: true },
};

/** Opens a connected account that payments can be made on. */
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

/** What Stripe knows about a connected account now: what we decide on, and what its developer is shown. */
export async function retrieveConnectedAccount(
  stripe: StripeGateway,
  id: string,
): Promise<StripeOutcome<{ facts: AccountFacts; details: AccountDetails }>> {
  const outcome = await retrieveKnown(stripe, id);
  if (!outcome.ok) return outcome;
  return { ok: true, value: { facts: factsOf(outcome.value), details: detailsOf(outcome.value) } };
}

/** Mints a single-use page that logs the holder in. It is a secret: neither stored nor logged. */
export async function createLoginLink(
  stripe: StripeGateway,
  accountId: string,
  key: string,
): Promise<StripeOutcome<{ url: string }>> {
  // Login links have no id: the address is what must be there.
  const outcome = await stripe.callWithoutId("login_link", (sdk) =>
    sdk.accounts.createLoginLink(accountId, {}, { idempotencyKey: key }),
  );
  return outcome.ok ? { ok: true, value: { url: outcome.value.url } } : outcome;
}

/** Whether the account holds or owes money, available or pending, in any currency. */
export async function hasBalance(stripe: StripeGateway, accountId: string): Promise<StripeOutcome<boolean>> {
  const outcome = await stripe.callWithoutId("balance", (sdk) =>
    sdk.balance.retrieve({}, { stripeAccount: accountId }),
  );
  if (!outcome.ok) return outcome;
  const { available, pending } = outcome.value;
  return { ok: true, value: [...available, ...pending].some(({ amount }) => amount !== 0) };
}

/** Deletes a connected account. One that is gone already is deleted. */
export async function deleteAccount(
  stripe: StripeGateway,
  id: string,
  key: string,
): Promise<StripeOutcome<{ id: string }>> {
  const outcome = await stripe.call("account", (sdk) => sdk.accounts.del(id, {}, { idempotencyKey: key }));
  if (outcome.ok) return { ok: true, value: { id } };
  return isGone(outcome.failure) ? { ok: true, value: { id } } : outcome;
}

function isGone({ kind }: StripeFailure): boolean {
  return kind === "account_gone" || kind === "not_found";
}

/** Whether an account whose deletion has an unknown outcome is gone. Undefined: it is still there. */
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
