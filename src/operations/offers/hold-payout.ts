import { type Statement, write } from "../../db/database";
import { type Payout, type TestimonyAggregate, updatePayout } from "../../db/offers/testimonies";
import { enter } from "../../domain/machine";
import { type HoldReason, needPerson, payoutMachine, toDo, wantedMinor } from "../../domain/offers/payout";
import { done, type Result } from "../../domain/result";
import { clear, raise } from "../attention";
import { appendChange } from "../change";
import type { Command } from "../commands";
import type { Deps } from "../deps";

/** Interval of the clock's checks of a held payout, in case the event that ends its hold is lost. */
const heldPollMs = 6 * 60 * 60 * 1000;

/**
 * Delay of an early check: an account has another lock, and may become able, and release its payouts, just before the
 * hold is written.
 */
const secondPollMs = 5_000;

/**
 * Holds a payout for as long as one of the reasons exists. `rows` are further rows of the same change. `coveredMinor`
 * is what its charge still holds, if that was looked up.
 */
export async function holdPayout(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  holds: HoldReason[],
  {
    actor = "clock",
    rows = [],
    coveredMinor = payout.coveredMinor,
  }: { actor?: "clock" | "stripe"; rows?: readonly Statement[]; coveredMinor?: number | null } = {},
): Promise<Result<null>> {
  const isNew = payout.state !== "held" || JSON.stringify(payout.holds) !== JSON.stringify(holds);
  if (!isNew && rows.length === 0) {
    await write(deps.db, [updatePayout(deps.db, payout, { coveredMinor, dueAt: deps.nowMs() + heldPollMs })]);
    return done;
  }
  const { testimonyId, id: payoutId, expertId } = payout;
  const told = { payoutId, reasons: holds };
  await appendChange(deps, aggregate, {
    name: "hold-payout",
    actor,
    data: told,
    rows: [
      ...rows,
      updatePayout(deps.db, payout, {
        state: enter(payoutMachine, "hold", payout.state, actor),
        holds,
        heldSince: payout.state === "held" ? payout.heldSince : deps.nowMs(),
        coveredMinor,
        reason: null,
        dueAt: deps.nowMs() + secondPollMs,
      }),
      ...attention(deps, aggregate, payout, holds),
    ],
    events: [
      {
        type: "payout.held",
        data: { testimonyId, expertId, ...told, toDo: toDo(holds) },
        to: { expert: expertId },
      },
    ],
  });
  await deps.enqueueCommands(bookkeeping(aggregate, payout, holds));
  return done;
}

/** Raises the notice that only a person can continue, or closes it. */
function attention(deps: Deps, aggregate: TestimonyAggregate, payout: Payout, holds: HoldReason[]): Statement[] {
  const { testimonyId, id: aboutId, currency } = payout;
  if (!needPerson(holds)) return endHoldAttention(deps, aggregate, payout);
  const note = holds.join(", ");
  const reason = { kind: "payout_held", aboutKind: "payout", aboutId, currency, note } as const;
  return [raise(deps, testimonyId, { ...reason, amountMinor: wantedMinor(payout) })];
}

/** Closes the operator's notice with the change that ends the hold. */
export function endHoldAttention(deps: Deps, { attention }: TestimonyAggregate, payout: Payout): Statement[] {
  const isStanding = attention.some((one) => one.kind === "payout_held" && one.aboutId === payout.id);
  return isStanding ? [clear(deps, payout.testimonyId, "stripe", ["payout_held"], { aboutId: payout.id })] : [];
}

/** Lists the commands that book what was found at Stripe, in case its events are lost. */
function bookkeeping({ disputes }: TestimonyAggregate, payout: Payout, holds: HoldReason[]): Command[] {
  const { testimonyId, checkoutId } = payout;
  const commands: Command[] = disputes
    .filter((one) => one.checkoutId === checkoutId && one.state === "open")
    .map(({ stripeId }) => ({ name: "record-dispute", input: { testimonyId, disputeId: stripeId } }));
  if (holds.includes("refunded_at_stripe")) {
    commands.push({ name: "record-refund-at-stripe", input: { testimonyId, checkoutId } });
  }
  return commands;
}
