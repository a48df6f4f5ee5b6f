import { type Statement, write } from "../../../db/database";
import {
  loadPayoutAccount,
  notePayoutAccount,
  type PayoutAccount,
  updatePayoutAccount,
  wakeHeldPayouts,
} from "../../../db/offers/payout-accounts";
import { type AccountState, accountState } from "../../../domain/account";
import { done, type Result, refuse } from "../../../domain/result";
import { retrieveAccount } from "../../../stripe/accounts";
import { clear, raise } from "../../attention";
import { appendChange } from "../../change";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";

const hourMs = 60 * 60 * 1000;

/**
 * Asks Stripe what an expert's account can do at this moment. The event that caused the check is not trusted, so an old
 * event cannot undo a newer fact. The clock checks an account hourly at first, then daily, because Stripe need not tell
 * us that it is gone. Once the account is ready, the payouts that waited for it are resumed.
 */
export async function checkPayoutAccount(deps: Deps, { userId }: Input<"check-payout-account">): Promise<Result<null>> {
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
  if (state === "ready") return nowMs + 24 * hourMs;
  return nowMs + Math.min(Math.max(nowMs - createdAtMs, hourMs), 24 * hourMs);
}

/**
 * Resumes the payouts that waited for this expert. Each is decided again under its own testimony's lock, in a run of
 * its own, so that one that cannot be sent does not stop the others. The sweep finds those whose job was lost.
 */
async function releaseHeldPayouts(deps: Deps, userId: string): Promise<void> {
  const [held] = await deps.db.batch([wakeHeldPayouts(deps.db, userId, deps.nowMs())]);
  await deps.enqueueCommands(held.map((input) => ({ name: "advance-payout", input })));
}
