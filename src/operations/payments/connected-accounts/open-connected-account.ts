import { clearReplacedAccounts } from "../../../db/attention";
import {
  type ConnectedAccount,
  type ConnectedAccountAggregate,
  insertConnectedAccount,
  loadConnectedAccount,
  newConnectedAccount,
  selectAccountByEmail,
  updateConnectedAccount,
} from "../../../db/payments/connected-accounts";
import type { StripeEffect } from "../../../db/stripe-effects";
import { noteStripeObject } from "../../../db/stripe-objects";
import { accountState } from "../../../domain/account";
import { bucketOf } from "../../../domain/id";
import type { Actor } from "../../../domain/machine";
import { type Result, refuse, success } from "../../../domain/result";
import type { ConnectedAccountOrder } from "../../../stripe/connected-accounts";
import { appendChange } from "../../change";
import { Conflict } from "../../conflict";
import type { Deps } from "../../deps";
import { attempt, type EffectOrder, openEffect, reserveCall } from "../../effects";
import { platformNotReady, platformReady } from "../../platform-not-ready";
import { createAccountEffect, openCall } from "./account-effects";
import { accountEvent, firstPollMs } from "./account-state";

/** `id` is the new account's, or that of an account whose creation was never answered. */
interface NewAccount {
  id: string;
  developerId: string;
  email: string;
  country: string;
}

/**
 * Opens a developer's connected account: our row first, then Stripe's account. A creation that was never answered is
 * resumed, so a repeat makes no second account. Refuses `account_exists` (naming it), `stripe_refused` (the e-mail is
 * free again) and `stripe_unavailable` (the clock resumes it).
 */
export async function openConnectedAccount(deps: Deps, input: NewAccount): Promise<Result<ConnectedAccount>> {
  const begun = await loadConnectedAccount(deps.db, input.id);
  if (begun) return resumeOpening(deps, begun);
  const account = newAccount(input, deps.nowMs());
  const call = openingOf(deps, account);
  const pending = openEffect(deps, call);
  const position = await unlessTaken(() =>
    appendChange(deps, newConnectedAccount(account), {
      name: "open-connected-account",
      actor: "developer",
      data: { country: account.country },
      rows: [insertConnectedAccount(deps.db, account), reserveCall(deps, call)],
    }),
  );
  return position ? finishOpening(deps, position, pending, "developer") : refuseTaken(deps, account);
}

/** Resumes the creation when it is requested again. */
function resumeOpening(deps: Deps, aggregate: ConnectedAccountAggregate): Promise<Result<ConnectedAccount>> {
  const call = openCall(aggregate, "create-connected-account");
  return call ? finishOpening(deps, aggregate, call, "developer") : refuseTaken(deps, aggregate.account);
}

function newAccount({ id, developerId, email, country }: NewAccount, nowMs: number) {
  return {
    id,
    developerId,
    email: email.toLowerCase(),
    country,
    stripeId: null,
    state: "creating",
    requirements: [],
    live: 1,
    eventsReadAt: nowMs,
    dueAt: null, // the pending call is due by itself
    createdAt: nowMs,
    checkedAt: null,
  } satisfies ConnectedAccount;
}

function openingOf(deps: Deps, { id, developerId, email, country }: ConnectedAccount): EffectOrder {
  const order: ConnectedAccountOrder = { accountId: id, developerId, email, country };
  return {
    aggregateId: id,
    id: deps.newId(bucketOf(id)),
    kind: "create-connected-account",
    subjectId: id,
    params: order,
  };
}

/** Returns undefined if another live account of the developer has the e-mail. */
async function unlessTaken<T>(write: () => Promise<T>): Promise<T | undefined> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Conflict && error.constraint.startsWith("connected_accounts.")) return undefined;
    throw error;
  }
}

/** Refuses with the id of the existing account. It is the developer's own, so the id discloses nothing. */
async function refuseTaken(deps: Deps, { developerId, email }: ConnectedAccount): Promise<Result<never>> {
  const [[existing]] = await deps.db.batch([selectAccountByEmail(deps.db, developerId, email)]);
  const facts = existing?.stripeId ? { account_id: existing.stripeId } : {};
  return refuse("account_exists", undefined, facts);
}

/** Makes the account of the pending call at Stripe, or finds the one that was made. */
export async function finishOpening(
  deps: Deps,
  aggregate: ConnectedAccountAggregate,
  call: StripeEffect,
  actor: Actor,
): Promise<Result<ConnectedAccount>> {
  const { account } = aggregate;
  const outcome = await attempt(deps, call, createAccountEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "refused") {
    await appendChange(deps, aggregate, {
      name: "refuse-connected-account",
      actor: "stripe",
      data: { failure: outcome.failure.kind },
      rows: [
        ...outcome.settle,
        updateConnectedAccount(deps.db, account.id, { state: "failed", live: null }),
        ...platformNotReady(deps, account.id, outcome.failure),
      ],
    });
    return refuse("stripe_refused", outcome.failure.message);
  }
  const facts = outcome.value;
  const changes = {
    stripeId: facts.id,
    state: accountState(facts, "payments"),
    requirements: facts.due,
    checkedAt: deps.nowMs(),
    dueAt: deps.nowMs() + firstPollMs,
  };
  const opened = { ...account, ...changes };
  const answer = success(opened);
  await appendChange(deps, aggregate, {
    name: "create-connected-account",
    actor,
    data: { stripeAccountId: facts.id },
    rows: [
      ...outcome.settle,
      updateConnectedAccount(deps.db, account.id, changes),
      clearReplacedAccounts(deps.db, account, { atMs: deps.nowMs(), by: "developer" }),
      noteStripeObject(deps.db, facts.id, { aggregateId: account.id, subjectId: account.id }),
      platformReady(deps),
    ],
    events: [accountEvent(opened)],
    answer,
  });
  return answer;
}
