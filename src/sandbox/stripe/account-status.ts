import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import { requirements } from "./account-requirements";
import { connectedAccount } from "./accounts";

export const ACCOUNT_STATUSES = ["incomplete", "under_review", "ready", "paused", "rejected"] as const;
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number];

type Facts = Pick<Stripe.Account, "charges_enabled" | "details_submitted" | "payouts_enabled" | "requirements">;

/** How Stripe tells each: nothing handed in, being looked at, all well, stopped until something is handed in, and for good. */
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

/** The holder takes our access away: Stripe tells once, and shows us the account no more. */
export function deauthorize(world: World, id: string): Stripe.Account {
  const account = connectedAccount(world, id);
  const application: Stripe.Application = { id: "ca_sandbox", object: "application", name: "Accord" };
  world.emit("account.application.deauthorized", application, { account: id });
  world.objects.remove(id);
  return account;
}

/**
 * The account is deleted by another hand. Stripe documents no event for the platform that is left without it: nobody is
 * told, and from then on it answers as for an account that was taken away.
 */
export function deleteByAnother(world: World, id: string): Stripe.DeletedAccount {
  connectedAccount(world, id);
  world.objects.remove(id);
  return { id, object: "account", deleted: true };
}

/** Puts an account where Stripe would have put it, and tells. */
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
