import { write } from "../../db/database";
import { loadPayoutAccount, notePayoutAccount, updatePayoutAccount, wakeHeldPayouts } from "../../db/payout-accounts";
import { type AccountState, accountState } from "../../domain/account";
import { done, type Result, refuse } from "../../domain/result";
import { retrieveAccount } from "../../stripe/accounts";
import { record } from "../change";
import type { Input } from "../commands";
import type { Deps } from "../deps";

const hourMs = 60 * 60 * 1000;

/**
 * Asks Stripe what an account can do now. The event that woke us is not believed: an old one cannot undo a newer fact
 * (decisions P8). A ready account is asked about no more until Stripe tells; the others hourly at first, then daily. Once it
 * is ready, the payouts that waited for it go on.
 */
export async function checkPayoutAccount(deps: Deps, { userId }: Input<"check-payout-account">): Promise<Result<null>> {
  const loaded = await loadPayoutAccount(deps.db, userId);
  const { account } = loaded;
  if (!account?.stripeAccountId) return done;
  const asked = await retrieveAccount(deps.stripe, account.stripeAccountId);
  const isGone = !asked.ok && asked.failure.kind === "not_found"; // deleted, or no longer connected to us
  if (!asked.ok && !isGone) {
    await write(deps.db, [notePayoutAccount(deps.db, account, { dueAt: deps.nowMs() + hourMs })]);
    return refuse("stripe_unavailable", asked.failure.message);
  }
  const state = asked.ok ? accountState(asked.value, "payouts") : "paused";
  const requirements = asked.ok ? asked.value.due : [];
  const changes = {
    requirements,
    checkedAt: deps.nowMs(),
    dueAt: nextCheckAtMs(state, account.createdAt, deps.nowMs()),
  };
  if (state === account.state) {
    await write(deps.db, [notePayoutAccount(deps.db, account, changes)]);
  } else {
    await record(deps, loaded, {
      name: "account-changed",
      actor: "stripe",
      data: { from: account.state, to: state },
      rows: [updatePayoutAccount(deps.db, userId, { ...changes, state })],
      events: [{ type: "payout_account.updated", data: { userId, state, requirements } }],
    });
  }
  if (state === "ready") await releaseHeldPayouts(deps, userId);
  return done;
}

function nextCheckAtMs(state: AccountState, createdAtMs: number, nowMs: number): number | null {
  if (state === "ready") return null;
  return nowMs + Math.min(Math.max(nowMs - createdAtMs, hourMs), 24 * hourMs);
}

/**
 * Lets the payouts go that waited for this expert. Each is decided again under its own testimony's lock, in a run of its
 * own, so that one that cannot be sent keeps none of the others; the sweep finds those whose message was lost.
 */
async function releaseHeldPayouts(deps: Deps, userId: string): Promise<void> {
  const [held] = await deps.db.batch([wakeHeldPayouts(deps.db, userId, deps.nowMs())]);
  await deps.nudge(held.map((input) => ({ name: "advance-payout", input })));
}
