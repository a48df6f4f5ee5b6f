import type { Statement } from "../../../db/database";
import type { ConnectedAccount } from "../../../db/payments/connected-accounts";
import { selectUnpaidAsleep, wakeUnpaid } from "../../../db/payments/payments";
import type { Deps } from "../../deps";

/** The most payments in one change: an account may have any number of abandoned ones. */
const wakenMax = 200;

const soonMs = 60_000;

/**
 * Makes the unpaid payments of an account that is gone at Stripe due, so that each is ended under its own lock.
 * `againAtMs` is the time to continue if there are more of them than one change should write, else null.
 */
export async function wakePayments(
  deps: Deps,
  account: Pick<ConnectedAccount, "id" | "developerId">,
): Promise<{ rows: Statement[]; againAtMs: number | null }> {
  const nowMs = deps.nowMs();
  const [asleep] = await deps.db.batch([selectUnpaidAsleep(deps.db, account, nowMs, wakenMax)]);
  if (asleep.length === 0) return { rows: [], againAtMs: null };
  const againAtMs = asleep.length < wakenMax ? null : nowMs + soonMs;
  return { rows: [wakeUnpaid(deps.db, account, nowMs, wakenMax)], againAtMs };
}
