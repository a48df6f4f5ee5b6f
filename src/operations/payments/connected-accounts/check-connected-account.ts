import { type Statement, write } from "../../../db/database";
import {
  type ConnectedAccount,
  type ConnectedAccountAggregate,
  loadConnectedAccount,
  noteConnectedAccount,
  selectUnpaidAsleep,
  updateConnectedAccount,
  wakeUnpaid,
} from "../../../db/payments/connected-accounts";
import { isStanding } from "../../../domain/account";
import { done, type Result, refuse } from "../../../domain/result";
import { clear, raise } from "../../attention";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";
import type { FollowUps } from "../../follow-ups";
import { catchUp, catchUpEveryMs } from "../../stripe-events/catch-up";
import { connectedTypes } from "../../stripe-events/handled-types";
import { accountEvent, isNew, nextPollAtMs, pollAccount, type Seen } from "./account-state";

/**
 * Brings an account to its present state at Stripe, and finds events of it that were lost. The cause of the check (an
 * event, a read, the clock) is not trusted, only Stripe's present answer, so an old event cannot undo a newer fact. An
 * account that is being made or deleted waits for its pending call instead. Refuses `stripe_unavailable`.
 */
export async function checkConnectedAccount(
  deps: Deps,
  { id }: FollowUps["check-connected-account"],
): Promise<Result<null>> {
  const aggregate = await loadConnectedAccount(deps.db, id);
  if (!aggregate) return refuse("account_foreign");
  const { account } = aggregate;
  if (account.state === "deleted") return goOnEnding(deps, account);
  if (!account.stripeId || !isStanding(account.state)) return done;
  const asked = await pollAccount(deps, account.stripeId);
  if (!asked.ok) {
    await write(deps.db, [pollAgain(deps, account)]);
    return asked;
  }
  const isGone = asked.value.details === null;
  const eventsReadAt = isGone ? account.eventsReadAt : await eventsRead(deps, account, account.stripeId);
  await remember(deps, aggregate, asked.value, eventsReadAt);
  return done;
}

/** Makes the payments left on a deleted account due, so that each is ended. Stripe is not asked about the account again. */
async function goOnEnding(deps: Deps, account: ConnectedAccount): Promise<Result<null>> {
  const { rows, againAtMs } = await wakePayments(deps, account);
  await write(deps.db, [...rows, updateConnectedAccount(deps.db, account.id, { dueAt: againAtMs })]);
  return done;
}

/** Reads the account's events since the last time from Stripe, and stores those that never arrived. */
async function eventsRead(deps: Deps, { eventsReadAt }: ConnectedAccount, stripeId: string): Promise<number> {
  if (deps.nowMs() - eventsReadAt < catchUpEveryMs) return eventsReadAt;
  return catchUp(deps, { account: stripeId, types: connectedTypes }, eventsReadAt);
}

/**
 * Writes down what is new, and publishes it to the developer. When an account is gone, its payments are ended, its
 * e-mail is free for another account, and the operator sees it for as long as it stays away.
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
  const looked = { eventsReadAt, checkedAt: nowMs, dueAt: woken?.againAtMs ?? nextPollAtMs(account, nowMs) };
  const changes = { ...looked, state, requirements, ...(isGone ? { live: null } : {}) };
  const rows = woken?.rows ?? [];
  if (!isNew(account, changes)) return write(deps.db, [noteConnectedAccount(deps.db, account, looked), ...rows]);
  await appendChange(deps, aggregate, {
    name: "account-changed",
    actor: "stripe",
    data: { from: account.state, to: state },
    rows: [updateConnectedAccount(deps.db, account.id, changes), ...rows, ...attentionRows(deps, account, isGone)],
    events: [accountEvent({ ...account, ...changes })],
  });
}

function attentionRows(deps: Deps, { id, state }: ConnectedAccount, isGone: boolean): Statement[] {
  if (isGone) return [raise(deps, id, { kind: "account_gone", aboutKind: "account", aboutId: id })];
  return state === "gone" ? [clear(deps, id, "stripe", ["account_gone"])] : [];
}

function pollAgain(deps: Deps, account: ConnectedAccount) {
  return noteConnectedAccount(deps.db, account, { dueAt: nextPollAtMs(account, deps.nowMs()) });
}

/** The most payments in one change: an account may have any number of abandoned ones. */
const wakenMax = 200;

const soonMs = 60_000;

/**
 * Makes the unpaid payments of an account that is gone at Stripe due, so that each is ended under its own lock.
 * `againAtMs` is the time to continue if there are more of them than one change should write, else null.
 */
async function wakePayments(
  deps: Deps,
  account: Pick<ConnectedAccount, "id" | "developerId">,
): Promise<{ rows: Statement[]; againAtMs: number | null }> {
  const nowMs = deps.nowMs();
  const [asleep] = await deps.db.batch([selectUnpaidAsleep(deps.db, account, nowMs, wakenMax)]);
  if (asleep.length === 0) return { rows: [], againAtMs: null };
  const againAtMs = asleep.length < wakenMax ? null : nowMs + soonMs;
  return { rows: [wakeUnpaid(deps.db, account, nowMs, wakenMax)], againAtMs };
}
