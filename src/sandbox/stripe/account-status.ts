import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import { requirements } from "./account-requirements";
import { connectedAccount } from "./accounts";

export const ACCOUNT_STATUSES = ["incomplete", "under_review", "ready", "paused", "rejected"] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

type Facts = Pick<Stripe.Account, "charges_enabled" | "details_submitted" | "payouts_enabled" | "requirements">;

/**
 * The members by which Stripe shows each status: nothing submitted, in review, active, stopped until something is
 * submitted, and rejected.
 */
const FACTS: Readonly<Record<AccountStatus, { capability: "active" | "inactive" | "pending"; facts: Facts }>> = {
  incomplete: {
    capability: "inactive",
    facts: {
      charges_enabled: false,
      details_submitted: false,
      payouts_enabled: false,
      requirements: requirements(["external_account", "tos_acceptance.date", "tos_acceptance.ip"]),
    },
  },
  under_review: {
    capability: "pending",
    facts: {
      charges_enabled: false,
      details_submitted: true,
      payouts_enabled: false,
      requirements: {
        ...requirements([]),
        disabled_reason: "requirements.pending_verification",
        pending_verification: ["individual.verification.document"],
      },
    },
  },
  ready: {
    capability: "active",
    facts: { charges_enabled: true, details_submitted: true, payouts_enabled: true, requirements: requirements([]) },
  },
  paused: {
    capability: "inactive",
    facts: {
      charges_enabled: false,
      details_submitted: true,
      payouts_enabled: false,
      requirements: requirements(["individual.verification.document"]),
    },
  },
  rejected: {
    capability: "inactive",
    facts: {
      charges_enabled: false,
      details_submitted: true,
      payouts_enabled: false,
      requirements: { ...requirements([]), disabled_reason: "rejected.other" },
    },
  },
};

/** Deauthorizes the platform for its holder: Stripe sends one event, and does not show us the account any more. */
export function deauthorize(world: World, id: string): Stripe.Account {
  const account = connectedAccount(world, id);
  const application: Stripe.Application = { id: "ca_sandbox", object: "application", name: "Accord" };
  world.emit("account.application.deauthorized", application, { account: id });
  world.objects.remove(id);
  return account;
}

/**
 * Deletes an account out-of-band. Stripe documents no event to the platform for this: none is sent, and from then on
 * the account answers like a deauthorized one.
 */
export function deleteByAnother(world: World, id: string): Stripe.DeletedAccount {
  connectedAccount(world, id);
  world.objects.remove(id);
  return { id, object: "account", deleted: true };
}

/** Puts an account into a status of Stripe's, and sends the event. */
export function putAccount(world: World, id: string, status: AccountStatus): Stripe.Account {
  const account = connectedAccount(world, id);
  const names = Object.keys(account.capabilities ?? {});
  const { capability, facts } = FACTS[status];
  const { object, previous } = world.change("account", PLATFORM, id, {
    ...facts,
    capabilities: Object.fromEntries(names.map((name) => [name, capability])),
    charges_enabled: facts.charges_enabled === true && names.includes("card_payments"),
    tos_acceptance: facts.details_submitted
      ? { date: account.tos_acceptance?.date ?? world.now(), ip: "127.0.0.1", user_agent: "sandbox" }
      : { date: null, ip: null, user_agent: null },
  });
  world.emit("account.updated", object, { account: id, previous });
  return object;
}
