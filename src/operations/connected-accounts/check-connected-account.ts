import {
  type ConnectedAccount,
  type ConnectedAccountAggregate,
  loadConnectedAccount,
  noteConnectedAccount,
  updateConnectedAccount,
} from "../../db/connected-accounts";
import { type Statement, write } from "../../db/database";
import { isStanding } from "../../domain/account";
import { done, type Result, refuse } from "../../domain/result";
import { clear, raise } from "../attention";
import { record } from "../change";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import { catchUp, catchUpEveryMs } from "../events/catch-up";
import { connectedTypes } from "../events/handled-types";
import { accountNews } from "./account-news";
import { askStripe, isNews, type Seen } from "./ask-stripe";
import { nextLookAtMs } from "./next-look";
import { wakePayments } from "./wake-payments";

/**
 * Follows what Stripe says of an account now, and finds events of it that were lost. Whoever causes it — an event, a read,
 * the clock — is not believed, only Stripe's present answer, so an old event cannot undo a newer fact.
 * One that is being made or deleted has a call of its own to wait for. Refuses `stripe_unavailable`.
 */
export async function checkConnectedAccount(
  deps: Deps,
  { id }: Input<"check-connected-account">,
): Promise<Result<null>> {
  const aggregate = await loadConnectedAccount(deps.db, id);
  if (!aggregate) return refuse("account_foreign");
  const { account } = aggregate;
  if (account.state === "deleted") return goOnEnding(deps, account);
  if (!account.stripeId || !isStanding(account.state)) return done;
  const asked = await askStripe(deps, account.stripeId);
  if (!asked.ok) {
    await write(deps.db, [lookAgain(deps, account)]);
    return asked;
  }
  const isGone = asked.value.details === null;
  const eventsReadAt = isGone ? account.eventsReadAt : await eventsRead(deps, account, account.stripeId);
  await remember(deps, aggregate, asked.value, eventsReadAt);
  return done;
}

/** A deleted account is asked about no more; only the payments that were left on it are still to be ended. */
async function goOnEnding(deps: Deps, account: ConnectedAccount): Promise<Result<null>> {
  const { rows, againAtMs } = await wakePayments(deps, account);
  await write(deps.db, [...rows, updateConnectedAccount(deps.db, account.id, { dueAt: againAtMs })]);
  return done;
}

/** Reads what Stripe has told of the account since the last time, and stores what never arrived. */
async function eventsRead(deps: Deps, { eventsReadAt }: ConnectedAccount, stripeId: string): Promise<number> {
  if (deps.nowMs() - eventsReadAt < catchUpEveryMs) return eventsReadAt;
  return catchUp(deps, { account: stripeId, types: connectedTypes }, eventsReadAt);
}

/**
 * Writes down what is new, and tells the developer. What hangs on an account that is gone is ended, its e-mail is free for
 * another one, and the operator is shown it for as long as it stays away.
 */
async function remember(
  deps: Deps,
  aggregate: ConnectedAccountAggregate,
  { state, requirements }: Seen,
  eventsReadAt: number,
): Promise<void> {
  const { account } = aggregate;
  const nowMs = deps.nowMs();
  const isGone = state === "gone";
  const woken = isGone ? await wakePayments(deps, account) : undefined;
  const looked = { eventsReadAt, checkedAt: nowMs, dueAt: woken?.againAtMs ?? nextLookAtMs(account, nowMs) };
  const changes = { ...looked, state, requirements, ...(isGone ? { live: null } : {}) };
  const rows = woken?.rows ?? [];
  if (!isNews(account, changes)) return write(deps.db, [noteConnectedAccount(deps.db, account, looked), ...rows]);
  await record(deps, aggregate, {
    name: "account-changed",
    actor: "stripe",
    data: { from: account.state, to: state },
    rows: [updateConnectedAccount(deps.db, account.id, changes), ...rows, ...attentionRows(deps, account, isGone)],
    events: [accountNews({ ...account, ...changes })],
  });
}

function attentionRows(deps: Deps, { id, state }: ConnectedAccount, isGone: boolean): Statement[] {
  if (isGone) return [raise(deps, id, { kind: "account_gone", aboutKind: "account", aboutId: id })];
  return state === "gone" ? [clear(deps, id, "stripe", ["account_gone"])] : [];
}

function lookAgain(deps: Deps, account: ConnectedAccount) {
  return noteConnectedAccount(deps.db, account, { dueAt: nextLookAtMs(account, deps.nowMs()) });
}
