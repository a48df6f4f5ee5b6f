/** What Stripe says about a connected account, as far as we decide on it. */
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

/** What a developer is shown of a connected account, in Stripe's words. Never names the reason of a pause. */
export interface AccountDetails {
  id: string;
  metadata: Record<string, string>;
  email: string | null;
  capabilities: Record<string, string>;
  createdAtSeconds: number;
  displayName: string | null;
  chargesEnabled: boolean;
  payoutsEnabled: boolean;
  detailsSubmitted: boolean;
}

/** `gone`: it was deleted, or its holder took our access away. Stripe does not tell which, and it may come back. */
export const accountStates = ["incomplete", "under_review", "ready", "paused", "gone"] as const;
export type AccountState = (typeof accountStates)[number];

/** Whether a row is of an account that Stripe has made: not one being made or deleted. Only Stripe tells whether it is gone. */
export function isStanding(state: string): state is AccountState {
  return (accountStates as readonly string[]).includes(state);
}

/** What an account is for: we send an expert's money there, or shoppers pay a developer's seller there. */
export type AccountPurpose = "payouts" | "payments";

/**
 * One state, computed in one place, whether the facts come from an event, a read or a sweep. `ready`
 * means that the account can do what it is for; `incomplete` that the holder must act; `paused` that only Stripe can.
 */
export function accountState(facts: AccountFacts, purpose: AccountPurpose): AccountState {
  if (isAble(facts, purpose)) return "ready";
  const reason = facts.disabledReason ?? "";
  if (/^(rejected|platform_paused|listed|other)/.test(reason)) return "paused";
  if (!facts.detailsSubmitted || facts.due.length > 0) return "incomplete";
  return "under_review";
}

/** Being paid out by Stripe is another matter: an account that lacks only a bank account already takes payments. */
function isAble({ transfers, cardPayments, chargesEnabled }: AccountFacts, purpose: AccountPurpose): boolean {
  return purpose === "payouts" ? transfers === "active" : chargesEnabled && cardPayments === "active";
}
