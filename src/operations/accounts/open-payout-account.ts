import { insertPayoutAccount, loadPayoutAccount, updatePayoutAccount } from "../../db/payout-accounts";
import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import { type AccountFacts, accountState } from "../../domain/account";
import { homeOf } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import { type AccountOrder, createAccount, createOnboardingLink, findAccount } from "../../stripe/accounts";
import { record } from "../change";
import type { Input, Output } from "../commands";
import type { Deps } from "../deps";
import { attempt, claim, type EffectKind } from "../effects";
import { lookUp } from "../look-up";

const createAccountEffect: EffectKind<AccountFacts> = {
  call: (deps, effect, key) => createAccount(deps.stripe, orderOf(effect), key),
  find: (deps, effect) =>
    lookUp(deps, effect, (start) => findAccount(deps.stripe, ["user_id", orderOf(effect).userId], start)),
};

function orderOf(effect: StripeEffect): AccountOrder {
  return effect.params as unknown as AccountOrder; // as claimed below
}

/**
 * Opens the expert's connected account, once, and mints a fresh onboarding page each time (decisions O6). The page's
 * address is a secret: it is answered and neither stored nor logged.
 */
export async function openPayoutAccount(
  deps: Deps,
  { caller }: Input<"open-payout-account">,
): Promise<Result<Output<"open-payout-account">>> {
  const loaded = await loadPayoutAccount(deps.db, caller.id);
  if (!loaded.account) {
    const country = caller.billingAddress?.country ?? "SK";
    const order: AccountOrder = { userId: caller.id, email: caller.email, country };
    const id = deps.newId(homeOf(caller.id));
    await record(deps, loaded, {
      name: "open-payout-account",
      actor: "expert",
      data: { country },
      rows: [
        insertPayoutAccount(deps.db, {
          userId: caller.id,
          country,
          state: "creating",
          requirements: [],
          createdAt: deps.nowMs(),
        }),
        claim(deps, { aggregateId: caller.id, id, kind: "create-account", subjectId: caller.id, params: order }),
      ],
    });
  }
  const opened = await openAccount(deps, caller.id);
  if (!opened.ok) return opened;

  const { frontendUrl } = deps.settings;
  const link = await createOnboardingLink(
    deps.stripe,
    {
      accountId: opened.value,
      returnUrl: `${frontendUrl}/payout-account/return`,
      refreshUrl: `${frontendUrl}/payout-account/refresh`,
    },
    deps.newId(homeOf(caller.id)), // a page is single use: every request wants another
  );
  return link.ok ? success({ url: link.value.url }) : refuse("stripe_unavailable", link.failure.message);
}

/** Makes the claimed account at Stripe, or finds the one that was made. Answers its id there. */
export async function openAccount(deps: Deps, userId: string): Promise<Result<string>> {
  const loaded = await loadPayoutAccount(deps.db, userId);
  if (loaded.account?.stripeAccountId) return success(loaded.account.stripeAccountId);
  const effect = loaded.openEffects.find((one) => one.kind === "create-account");
  if (!effect) return refuse("stripe_refused", "the account was refused");
  const outcome = await attempt(deps, effect, createAccountEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "refused") {
    await record(deps, loaded, {
      name: "refuse-payout-account",
      actor: "stripe",
      data: { failure: outcome.failure.kind },
      rows: [outcome.settle, updatePayoutAccount(deps.db, userId, { state: "failed", dueAt: null })],
    });
    return refuse("stripe_refused", outcome.failure.message);
  }
  const facts = outcome.value;
  await record(deps, loaded, {
    name: "create-payout-account",
    actor: "stripe",
    data: { stripeAccountId: facts.id },
    rows: [
      outcome.settle,
      updatePayoutAccount(deps.db, userId, {
        stripeAccountId: facts.id,
        state: accountState(facts, "payouts"),
        requirements: facts.due,
        checkedAt: deps.nowMs(),
        dueAt: deps.nowMs() + 60 * 60 * 1000,
      }),
      noteStripeObject(deps.db, facts.id, { aggregateId: userId, subjectId: userId }),
    ],
  });
  return success(facts.id);
}
