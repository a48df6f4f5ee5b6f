import type { DueKind } from "../core/due";
import { Refusal } from "../core/refusal";
import type { World } from "../core/world";
import { payOutDaily } from "./automatic-payouts";
import { settleFunds } from "./balance-transactions";
import { expireAuthorization } from "./cancel-payment-intent";
import { decideDelayedPayment } from "./checkout";
import { postChargeLater } from "./collect";
import { openDispute } from "./disputes";
import { payoutArrived } from "./payouts";
import { decideRefund } from "./refund-outcome";
import { expireSessionWhenDue } from "./sessions";

const WORK: Readonly<Record<DueKind, (world: World, subject: string) => unknown>> = {
  expire_session: expireSessionWhenDue,
  settle_funds: settleFunds,
  decide_payment: decideDelayedPayment,
  decide_refund: decideRefund,
  expire_authorization: expireAuthorization,
  open_dispute: openDispute,
  post_charge: postChargeLater,
  pay_out: payoutArrived,
  pay_out_daily: payOutDaily,
};

/** Does all due work, each at the moment at which it was due. Returns how much that was. */
export function doWhatIsDue(world: World): number {
  const now = world.now();
  let done = 0;
  for (let item = world.due.take(now); item !== null; item = world.due.take(now)) {
    const { at, kind, subject } = item;
    world.clock.at(at, () => unlessRefused(() => WORK[kind](world, subject)));
    done += 1;
  }
  return done;
}

/** Skips work that has become impossible: for example, a charge refunded in full cannot be disputed any more. */
function unlessRefused(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Refusal)) {
      throw error;
    }
  }
}
