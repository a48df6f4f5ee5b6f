import type Stripe from "stripe";
import { PLATFORM } from "../core/objects";
import type { World } from "../core/world";
import type { LinkTarget } from "../stripe/account-links";
import { putAccount } from "../stripe/account-status";

export interface OnboardingFacts {
  accountId: string;
  email: string | null;
  country: string;
  capabilities: string[];
  returnUrl: string | null;
  refreshUrl: string | null;
  state: "open" | "completed" | "expired";
}

/** The content of an onboarding link's page, or the address to go to. */
export type OnboardingPage =
  | { show: "missing" }
  | { show: "page"; account: OnboardingFacts }
  | { show: "redirect"; url: string };

/** Shows the page of a link. */
export function look(world: World, linkId: string): OnboardingPage {
  const account = factsOf(world, linkId);
  return account === null ? { show: "missing" } : { show: "page", account };
}

/** Shows an account, as a login link does. */
export function dashboard(world: World, accountId: string): OnboardingPage {
  const account = world.objects.find("account", PLATFORM, accountId);
  const nowhere = { returnUrl: null, refreshUrl: null };
  return account?.details_submitted
    ? { show: "page", account: { ...accountFacts(account), ...nowhere, state: "completed" } }
    : { show: "missing" };
}

/** Shows the state of the newest onboarding, at the application's return and refresh URLs in the sandbox. */
export function comeBack(world: World): OnboardingPage {
  const account = world.objects.page("account", PLATFORM, {}, {}, NEWEST).data[0];
  if (!account) {
    return { show: "missing" };
  }
  const state = account.details_submitted ? "completed" : "expired";
  return { show: "page", account: { ...accountFacts(account), returnUrl: null, refreshUrl: null, state } };
}

const NEWEST = { limit: 1, startingAfter: null, endingBefore: null };

/** Handles the form. A used link leads back; an expired one leads to a new one. */
export function submit(world: World, linkId: string): OnboardingPage {
  const facts = factsOf(world, linkId);
  if (facts === null) {
    return { show: "missing" };
  }
  if (facts.state === "expired") {
    return facts.refreshUrl === null ? { show: "page", account: facts } : { show: "redirect", url: facts.refreshUrl };
  }
  if (facts.state === "open") {
    putAccount(world, facts.accountId, "ready");
    world.objects.setHidden(linkId, { ...targetOf(world, linkId), used: true });
  }
  return facts.returnUrl === null
    ? { show: "page", account: { ...facts, state: "completed" } }
    : { show: "redirect", url: facts.returnUrl };
}

function factsOf(world: World, linkId: string): OnboardingFacts | null {
  const link = world.objects.find("account_link", PLATFORM, linkId);
  const target = targetOf(world, linkId);
  const account = link && world.objects.find("account", PLATFORM, target.account);
  if (!link || !account) {
    return null;
  }
  return {
    ...accountFacts(account),
    returnUrl: target.returnUrl,
    refreshUrl: target.refreshUrl,
    state: target.used ? "completed" : link.expires_at <= world.now() ? "expired" : "open",
  };
}

function accountFacts(account: Stripe.Account) {
  return {
    accountId: account.id,
    email: account.email,
    country: account.country ?? "",
    capabilities: Object.keys(account.capabilities ?? {}),
  };
}

function targetOf(world: World, linkId: string): LinkTarget {
  return world.objects.hidden(linkId) as unknown as LinkTarget;
}
