/** The facts about a connected account on which our decisions depend, as Stripe reports them. */
export interface AccountFacts {
  id: string;
  transfers: string;
  cardPayments: string;
  chargesEnabled: boolean;
  detailsSubmitted: boolean;
  disabledReason: string | null;
  due: string[];
  pendingVerification: string[];
}

/**
 * The details of a connected account that its developer may see, in Stripe's words. They never include the reason of a
 * pause.
 */
export interface AccountDetails {
  id: string;
  metadata: Record<string, string>;
  email: string | null;
  country: string;
  capabilities: Record<string, string>;
  createdAtSeconds: number;
  displayName: string | null;
  chargesEnabled: boolean;
  payoutsEnabled: boolean;
  detailsSubmitted: boolean;
}

/**
 * The states of a connected account. `gone` means that it was deleted or that its holder took our access away: Stripe
 * does not say which, and the account may come back.
 */
export const accountStates = ["incomplete", "under_review", "ready", "paused", "gone"] as const;
export type AccountState = (typeof accountStates)[number];

/** The states of an expert's account. `creating`: our row exists, Stripe has not answered yet; `failed`: it refused. */
export const payoutAccountStates = ["creating", ...accountStates, "failed"] as const;

/** The states of a developer's account, which can also be deleted. */
export const connectedAccountStates = [...payoutAccountStates, "deleting", "deleted"] as const;

/**
 * Tells whether an account exists at Stripe, in contrast to one that is being made or deleted. Only Stripe can say
 * whether it is gone.
 */
export function isStanding(state: string): state is AccountState {
  return (accountStates as readonly string[]).includes(state);
}

/**
 * The two purposes of a connected account: `payouts` receives an expert's money from us, `payments` takes shoppers'
 * payments for a developer's seller.
 */
export type AccountPurpose = "payouts" | "payments";

/**
 * Computes an account's state, wherever its facts come from: an event, a read or a sweep. `ready` means that the
 * account can serve its purpose, `incomplete` that its holder must act, `paused` that only Stripe can act.
 */
export function accountState(facts: AccountFacts, purpose: AccountPurpose): AccountState {
  if (isAble(facts, purpose)) return "ready";
  const reason = facts.disabledReason ?? "";
  if (/^(rejected|platform_paused|listed|other)/.test(reason)) return "paused";
  if (!facts.detailsSubmitted || facts.due.length > 0) return "incomplete";
  return "under_review";
}

/**
 * Tells whether an account can serve its purpose. Payouts to its bank do not matter here: an account that lacks only a
 * bank account already takes payments.
 */
function isAble({ transfers, cardPayments, chargesEnabled }: AccountFacts, purpose: AccountPurpose): boolean {
  return purpose === "payouts" ? transfers === "active" : chargesEnabled && cardPayments === "active";
}
