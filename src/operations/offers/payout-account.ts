import { type Statement, write } from "../../db/database";
import {
  insertPayoutAccount,
  loadPayoutAccount,
  notePayoutAccount,
  type PayoutAccount,
  updatePayoutAccount,
  wakeHeldPayouts,
} from "../../db/offers/payout-accounts";
import type { User } from "../../db/offers/users";
import type { StripeEffect } from "../../db/stripe-effects";
import { noteStripeObject } from "../../db/stripe-objects";
import { type AccountFacts, type AccountState, accountState } from "../../domain/account";
import { canPayIn } from "../../domain/account-country";
import { bucketOf } from "../../domain/id";
import { done, type Result, refuse, success } from "../../domain/result";
import { backOffMs, dayMs, hourMs } from "../../domain/time";
import { createAccount, createOnboardingLink, findAccount, retrieveAccount } from "../../stripe/accounts";
import { clear, raise } from "../attention";
import { paramsOf } from "../call-params";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { EffectKind } from "../effect-kind";
import { attempt, type EffectOrder, openEffect, reserveCall } from "../effects";
import { findOutcome } from "../find-outcome";
import type { FollowUps } from "../follow-ups";
import { platformNotReady, platformReady } from "../platform-not-ready";

const createAccountEffect: EffectKind<AccountFacts> = {
  call: (deps, effect, key) => createAccount(deps.stripe, orderOf(effect), key),
  find: (deps, effect) =>
    findOutcome(deps, effect, (start) => findAccount(deps.stripe, ["user_id", orderOf(effect).userId], start)),
};

function orderOf(effect: StripeEffect) {
  return paramsOf(effect, "create-account");
}

/**
 * Opens the expert's connected account and creates a fresh onboarding page each time. After a refusal by Stripe, the
 * account is tried again with the expert's present data; an account that is gone at Stripe is replaced, and the waiting
 * payouts follow it. The page's address is a secret: it is returned, and neither stored nor logged.
 */
export async function openPayoutAccount(deps: Deps, { caller }: { caller: User }): Promise<Result<{ url: string }>> {
  const opened = await openAccount(deps, caller.id, caller);
  if (!opened.ok) return opened;
  const link = await mintPage(deps, caller.id, opened.value);
  if (link.ok) return success({ url: link.value.url });
  if (link.failure.kind !== "account_gone") return refuse("stripe_unavailable", link.failure.message);
  const refused = refuseCountry(caller);
  if (refused) return refused;
  const loaded = await loadPayoutAccount(deps.db, caller.id);
  await reserveOpening(deps, loaded, caller);
  const another = await openAccount(deps, caller.id, caller);
  if (!another.ok) return another;
  const page = await mintPage(deps, caller.id, another.value);
  return page.ok ? success({ url: page.value.url }) : refuse("stripe_unavailable", page.failure.message);
}

/** Creates an onboarding page. A page is single use, so every request needs another. */
function mintPage(deps: Deps, userId: string, accountId: string) {
  const { frontendUrl } = deps.settings;
  return createOnboardingLink(
    deps.stripe,
    {
      accountId,
      returnUrl: `${frontendUrl}/payout-account/return`,
      refreshUrl: `${frontendUrl}/payout-account/refresh`,
    },
    deps.newId(bucketOf(userId)),
  );
}

/** Refuses a country in which Stripe opens no accounts or to which our transfers do not go, without asking Stripe. */
function refuseCountry(caller: User): Result<never> | undefined {
  const country = countryOf(caller);
  if (canPayIn(country)) return undefined;
  return refuse("payout_account_refused", `Payouts cannot go to an account in ${country}.`);
}

function countryOf({ billingAddress }: User): string {
  return billingAddress?.country ?? "SK";
}

type Loaded = Awaited<ReturnType<typeof loadPayoutAccount>>;

/**
 * Writes down the pending call that opens an account, in place of an earlier account. The earlier one stays in the
 * journal and the directory.
 */
async function reserveOpening(deps: Deps, loaded: Loaded, caller: User): Promise<Loaded> {
  const country = countryOf(caller);
  const capabilities = deps.settings.expertCapabilities;
  const order = { userId: caller.id, email: caller.email, country, capabilities };
  const before = loaded.account;
  const fresh = { country, state: "creating" as const, requirements: [], stripeAccountId: null, dueAt: null };
  const call: EffectOrder = {
    aggregateId: caller.id,
    id: deps.newId(bucketOf(caller.id)),
    kind: "create-account",
    subjectId: caller.id,
    params: order,
  };
  const replaced = before?.stripeAccountId ? { replaces: before.stripeAccountId } : {};
  const position = await appendChange(deps, loaded, {
    name: before ? "reopen-payout-account" : "open-payout-account",
    actor: "expert",
    data: { country, ...replaced },
    rows: [
      before
        ? updatePayoutAccount(deps.db, caller.id, fresh)
        : insertPayoutAccount(deps.db, { userId: caller.id, createdAt: deps.nowMs(), ...fresh }),
      reserveCall(deps, call),
    ],
  });
  return { ...position, openEffects: [openEffect(deps, call)] };
}

/**
 * Makes the account of the pending call at Stripe, or finds the one that was made, and returns its id there. Without a
 * pending call, `caller` requests one: an earlier refusal is not final, because its cause may be mended.
 */
export async function openAccount(deps: Deps, userId: string, caller?: User): Promise<Result<string>> {
  let loaded = await loadPayoutAccount(deps.db, userId);
  if (loaded.account?.stripeAccountId) return success(loaded.account.stripeAccountId);
  if (!openingOf(loaded) && caller) {
    const refused = refuseCountry(caller);
    if (refused) return refused;
    loaded = await reserveOpening(deps, loaded, caller);
  }
  const effect = openingOf(loaded);
  if (!effect) return refuse("payout_account_refused");
  const outcome = await attempt(deps, effect, createAccountEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "refused") {
    await appendChange(deps, loaded, {
      name: "refuse-payout-account",
      actor: "stripe",
      data: { failure: outcome.failure.kind },
      rows: [
        ...outcome.settle,
        updatePayoutAccount(deps.db, userId, { state: "failed", dueAt: null }),
        ...platformNotReady(deps, userId, outcome.failure),
      ],
    });
    return refuse("payout_account_refused", outcome.failure.message);
  }
  const facts = outcome.value;
  await appendChange(deps, loaded, {
    name: "create-payout-account",
    actor: "stripe",
    data: { stripeAccountId: facts.id },
    rows: [
      ...outcome.settle,
      updatePayoutAccount(deps.db, userId, {
        stripeAccountId: facts.id,
        state: accountState(facts, "payouts"),
        requirements: facts.due,
        checkedAt: deps.nowMs(),
        dueAt: deps.nowMs() + hourMs,
      }),
      noteStripeObject(deps.db, facts.id, { aggregateId: userId, subjectId: userId }),
      clear(deps, userId, "expert", ["account_gone"]),
      platformReady(deps),
    ],
  });
  return success(facts.id);
}

function openingOf({ openEffects }: Loaded): StripeEffect | undefined {
  return openEffects.find((one) => one.kind === "create-account");
}

/**
 * Asks Stripe what an expert's account can do at this moment. The event that caused the check is not trusted, so an old
 * event cannot undo a newer fact. The clock checks an account hourly at first, then daily, because Stripe need not tell
 * us that it is gone. Once the account is ready, the payouts that waited for it are resumed.
 */
export async function checkPayoutAccount(
  deps: Deps,
  { userId }: FollowUps["check-payout-account"],
): Promise<Result<null>> {
  const loaded = await loadPayoutAccount(deps.db, userId);
  const { account } = loaded;
  if (!account?.stripeAccountId) return done;
  const asked = await retrieveAccount(deps.stripe, account.stripeAccountId);
  const isGone = !asked.ok && asked.failure.kind === "account_gone";
  if (!asked.ok && !isGone) {
    await write(deps.db, [notePayoutAccount(deps.db, account, { dueAt: deps.nowMs() + hourMs })]);
    return refuse("stripe_unavailable", asked.failure.message);
  }
  const state = asked.ok ? accountState(asked.value, "payouts") : "gone";
  const requirements = asked.ok ? asked.value.due : [];
  const changes = {
    requirements,
    checkedAt: deps.nowMs(),
    dueAt: nextCheckAtMs(state, account.createdAt, deps.nowMs()),
  };
  if (state === account.state) {
    await write(deps.db, [notePayoutAccount(deps.db, account, changes)]);
  } else {
    await appendChange(deps, loaded, {
      name: "account-changed",
      actor: "stripe",
      data: { from: account.state, to: state },
      rows: [updatePayoutAccount(deps.db, userId, { ...changes, state }), ...goneRows(deps, account, isGone)],
      events: [{ type: "payout_account.updated", data: { userId, state, requirements } }],
    });
  }
  if (state === "ready") await releaseHeldPayouts(deps, userId);
  return done;
}

/** Raises or clears the operator's notice that the expert has no account that payouts can go to. */
function goneRows(deps: Deps, { userId, state, stripeAccountId }: PayoutAccount, isGone: boolean): Statement[] {
  if (isGone) {
    return [raise(deps, userId, { kind: "account_gone", aboutKind: "account", aboutId: stripeAccountId ?? userId })];
  }
  return state === "gone" ? [clear(deps, userId, "stripe", ["account_gone"])] : [];
}

function nextCheckAtMs(state: AccountState, createdAtMs: number, nowMs: number): number {
  if (state === "ready") return nowMs + dayMs;
  return nowMs + backOffMs(nowMs - createdAtMs, { least: hourMs, most: dayMs });
}

/**
 * Resumes the payouts that waited for this expert. Each is decided again under its own testimony's lock, in a run of
 * its own, so that one that cannot be sent does not stop the others. The sweep finds those whose job was lost.
 */
async function releaseHeldPayouts(deps: Deps, userId: string): Promise<void> {
  const [held] = await deps.db.batch([wakeHeldPayouts(deps.db, userId, deps.nowMs())]);
  await deps.enqueueCommands(held.map((input) => ({ name: "advance-payout", input })));
}
