import { write } from "../../db/database";
import { updateCheckout } from "../../db/offers/testimonies";
import { retrieveSession } from "../../stripe/checkout";
import { raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { nextPollAtMs } from "./next-poll";
import { feePostings } from "./payment-postings";
import { type Settling, wrongCurrency } from "./settling";

/** Posts a fee that Stripe had not reported when the payment was settled, and sends the payout that waited for it. */
export async function recordFee(deps: Deps, { aggregate, checkout, actor }: Settling): Promise<void> {
  const isWanted = checkout.feeMinor === null && checkout.dueAt !== null && actor !== "client";
  if (!isWanted || checkout.sessionId === null) return;
  const asked = await retrieveSession(deps.stripe, checkout.sessionId);
  const charge = asked.ok ? asked.value.charge : null;
  if (!charge?.fee) {
    await write(deps.db, [updateCheckout(deps.db, checkout, { dueAt: nextPollAtMs(checkout, deps.nowMs()) })]);
    return;
  }
  const isOurs = charge.fee.currency === checkout.currency;
  await appendChange(deps, aggregate, {
    name: "record-fee",
    actor,
    data: { checkoutId: checkout.id, feeMinor: charge.fee.minor },
    rows: [
      updateCheckout(deps.db, checkout, { feeMinor: isOurs ? charge.fee.minor : null, dueAt: null }),
      ...(isOurs ? [] : [raise(deps, checkout.testimonyId, wrongCurrency(checkout, charge.fee.currency))]),
    ],
    postings: feePostings(checkout, charge),
  });
  const waiting = aggregate.payouts.filter((one) => one.checkoutId === checkout.id && one.state === "due");
  await deps.enqueueCommands(
    waiting.map(({ testimonyId, id: payoutId }) => ({ name: "advance-payout", input: { testimonyId, payoutId } })),
  );
}
