import { type Result, refuse, success } from "../../../domain/result";
import { createOnboardingLink as mintOnboardingLink } from "../../../stripe/accounts";
import { createLoginLink as mintLoginLink } from "../../../stripe/connected-accounts";
import type { Deps } from "../../deps";

/**
 * Creates a fresh onboarding page. Its address opens somebody's account, so it is returned and not stored anywhere.
 * Refuses `account_gone`, `stripe_refused`, `stripe_unavailable`.
 */
export async function createOnboardingLink(
  deps: Deps,
  { stripeId, returnUrl, refreshUrl }: { stripeId: string; returnUrl: string; refreshUrl: string },
): Promise<Result<{ url: string; expiresAtMs: number }>> {
  // A page is single use, so every request needs another.
  const minted = await mintOnboardingLink(deps.stripe, { accountId: stripeId, returnUrl, refreshUrl }, deps.newId());
  if (minted.ok) return success({ url: minted.value.url, expiresAtMs: minted.value.expiresAtSeconds * 1000 });
  const { kind, meaning, message } = minted.failure;
  if (kind === "account_gone" || kind === "not_found") return refuse("account_gone");
  return refuse(meaning === "refused" ? "stripe_refused" : "stripe_unavailable", message);
}

/**
 * Creates a page that logs the account's holder in. Its address opens somebody's account, so it is returned and not
 * stored anywhere. Refuses `account_gone`, `onboarding_incomplete` with Stripe's words, `stripe_unavailable`.
 */
export async function createLoginLink(
  deps: Deps,
  { stripeId }: { stripeId: string },
): Promise<Result<{ url: string }>> {
  const minted = await mintLoginLink(deps.stripe, stripeId, deps.newId());
  if (minted.ok) return success({ url: minted.value.url });
  const { kind, meaning, message, stripeRequestId } = minted.failure;
  if (kind === "account_gone" || kind === "not_found") return refuse("account_gone");
  if (meaning !== "refused") return refuse("stripe_unavailable", message);
  return refuse("onboarding_incomplete", `Request ${stripeRequestId}: ${message}`);
}
