import type Stripe from "stripe";
import { newId } from "../core/id";
import { list } from "../core/list";
import { PLATFORM } from "../core/objects";
import type { Parameters } from "../core/parameters";
import { noAccess, refused } from "../core/refusal";
import type { World } from "../core/world";
import { requirements } from "./account-requirements";
import { type Handler, pathId } from "./call";
import { currencyIn } from "./countries";
import { refuseUnagreed } from "./platform-terms";

/** The requirements that a person must fulfil before the account can do anything. */
const ASKED_AT_ONBOARDING = ["external_account", "tos_acceptance.date", "tos_acceptance.ip"];

/** `POST /v1/accounts`: makes a connected account, which can do nothing before onboarding. */
export const createAccount: Handler = ({ world, parameters }) => {
  const country = countryOf(parameters);
  const controller = controllerOf(parameters.child("controller"));
  const capabilities = requested(parameters, "inactive");
  const carriesLosses = controller.losses?.payments === "application";
  refuseUnagreed(world, { capabilities: Object.keys(capabilities), carriesLosses });
  const account: Stripe.Account = {
    id: newId("acct_", 16),
    object: "account",
    business_profile: businessProfile(parameters.child("business_profile")),
    business_type: parameters.text("business_type"),
    capabilities,
    charges_enabled: false,
    controller,
    country,
    created: world.now(),
    default_currency: parameters.text("default_currency") ?? currencyIn(country) ?? "eur",
    details_submitted: false,
    email: parameters.text("email"),
    external_accounts: { object: "list", data: [], has_more: false, url: "/v1/accounts/external_accounts" },
    future_requirements: requirements([]),
    metadata: parameters.metadata(),
    payouts_enabled: false,
    requirements: requirements(ASKED_AT_ONBOARDING),
    settings: settingsOf(parameters.child("business_profile").text("name")),
    tos_acceptance: { date: null, ip: null, user_agent: null },
    type: typeOf(parameters),
  };
  world.insert("account", PLATFORM, account);
  return account;
};

function countryOf(parameters: Parameters): string {
  const country = parameters.text("country") ?? "NL";
  if (currencyIn(country) === undefined) {
    throw refused("country_unsupported", `${country} is not currently supported by Stripe.`, "country");
  }
  return country;
}

/** Returns the business profile of a request; omitted members stay as they were. */
function businessProfile(
  parameters: Parameters,
  before: Stripe.Account.BusinessProfile | null = null,
): Stripe.Account.BusinessProfile {
  const text = (
    name: "mcc" | "name" | "product_description" | "support_email" | "support_phone" | "support_url" | "url",
  ) => (parameters.has(name) ? parameters.text(name) : (before?.[name] ?? null));
  return {
    mcc: text("mcc"),
    minority_owned_business_designation: null,
    name: text("name"),
    product_description: text("product_description"),
    specified_commercial_transactions_act_url: null,
    support_address: null,
    support_email: text("support_email"),
    support_phone: text("support_phone"),
    support_url: text("support_url"),
    url: text("url"),
  };
}

function settingsOf(displayName: string | null): Stripe.Account.Settings {
  return {
    branding: { icon: null, logo: null, primary_color: null, secondary_color: null },
    card_payments: {
      statement_descriptor_prefix: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
    dashboard: { display_name: displayName, timezone: "Etc/UTC" },
    payments: {
      statement_descriptor: null,
      statement_descriptor_kana: null,
      statement_descriptor_kanji: null,
      statement_descriptor_prefix_kana: null,
      statement_descriptor_prefix_kanji: null,
    },
  };
}

function requested(parameters: Parameters, status: "active" | "inactive"): Stripe.Account.Capabilities {
  const capabilities = parameters.child("capabilities");
  const wanted = Object.keys(capabilities.record).filter((name) => capabilities.child(name).flag("requested"));
  return Object.fromEntries(wanted.map((name) => [name, status]));
}

function controllerOf(parameters: Parameters): Stripe.Account.Controller {
  return {
    fees: { payer: parameters.child("fees").text("payer") ?? "account" },
    is_controller: true,
    losses: { payments: parameters.child("losses").text("payments") ?? "stripe" },
    requirement_collection: parameters.text("requirement_collection") ?? "stripe",
    stripe_dashboard: { type: parameters.child("stripe_dashboard").text("type") ?? "full" },
    type: "application",
  };
}

function typeOf(parameters: Parameters): Stripe.Account.Type {
  const given = parameters.text("type");
  if (given !== null) {
    return given;
  }
  return parameters.child("controller").child("stripe_dashboard").text("type") === "express" ? "express" : "none";
}

/** Returns the requested capabilities. One can be requested again, and given up with `requested` false. */
function rerequested(parameters: Parameters, isOnboarded: boolean): Stripe.Account.Capabilities {
  const capabilities = parameters.child("capabilities");
  const named = Object.keys(capabilities.record).filter((name) => capabilities.child(name).flag("requested") !== null);
  const statusOf = (name: string) =>
    isOnboarded && capabilities.child(name).flag("requested") ? "active" : "inactive";
  return Object.fromEntries(named.map((name) => [name, statusOf(name)]));
}

/** Returns a connected account by its id. Stripe answers 403 for one that it does not show us. */
export function connectedAccount(world: World, id: string): Stripe.Account {
  const account = world.objects.find("account", PLATFORM, id);
  if (account === null) {
    throw noAccess(id);
  }
  return account;
}

export const retrieveAccount: Handler = (call) => connectedAccount(call.world, pathId(call));

/** `GET /v1/account`: the account of the key, or the one in `Stripe-Account`. */
export const retrieveOwnAccount: Handler = ({ world, account }) =>
  account === PLATFORM ? PLATFORM_ACCOUNT : connectedAccount(world, account);

const PLATFORM_ACCOUNT: Stripe.Account = {
  id: "acct_sandboxplatform",
  object: "account",
  business_type: "company",
  capabilities: { card_payments: "active", transfers: "active", sepa_debit_payments: "active" },
  charges_enabled: true,
  controller: { type: "account" },
  country: "NL",
  created: 1_760_000_000,
  default_currency: "eur",
  details_submitted: true,
  email: "platform@example.com",
  metadata: {},
  payouts_enabled: true,
  type: "standard",
};

export const listAccounts: Handler = (call) => list(call.world, PLATFORM, "account", "/v1/accounts", call.parameters);

export const updateAccount: Handler = (call) => {
  const { world, parameters } = call;
  const account = connectedAccount(world, pathId(call));
  const { object, previous } = world.change("account", PLATFORM, account.id, {
    capabilities: { ...account.capabilities, ...rerequested(parameters, account.details_submitted) },
    metadata: parameters.mergedMetadata(account.metadata ?? null),
    ...(parameters.has("email") && { email: parameters.text("email") }),
    ...(parameters.has("business_type") && { business_type: parameters.text("business_type") }),
    ...(parameters.has("business_profile") && {
      business_profile: businessProfile(parameters.child("business_profile"), account.business_profile ?? null),
    }),
  });
  world.emit("account.updated", object, { account: account.id, previous });
  return object;
};

/** `DELETE /v1/accounts/:id`: only if nothing is left on it. */
export const deleteAccount: Handler = (call) => {
  const { id } = connectedAccount(call.world, pathId(call));
  if (call.world.balances.of(id).some((money) => money.available !== 0 || money.pending !== 0)) {
    throw refused(undefined, `The account ${id} cannot be deleted because its balance is not zero.`);
  }
  call.world.objects.remove(id);
  return { id, object: "account", deleted: true } satisfies Stripe.DeletedAccount;
};
