import type { ConnectedAccount } from "../../db/connected-accounts";
import type { Statement } from "../../db/database";
import { selectUnpaidAsleep, wakeUnpaid } from "../../db/payments";
import type { Deps } from "../deps";

/** So many at once: an account may have any number of carts that were left behind. */
const wakenMax = 200;

const soonMs = 60_000;

/**
 * Has the clock look at the unpaid payments on an account that Stripe shows us no more: each is ended under its own lock.
 * `againAtMs`: where there are more of them than one change should write, when to go on.
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
