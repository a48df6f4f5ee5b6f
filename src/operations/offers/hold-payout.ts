import { type Statement, write } from "../../db/database";
import { type PayoutAccount, selectPayoutAccount } from "../../db/offers/payout-accounts";
import { type Checkout, type Payout, type TestimonyAggregate, updatePayout } from "../../db/offers/testimonies";
import { accountState } from "../../domain/account";
import { enter } from "../../domain/machine";
import { stillOurs } from "../../domain/offers/charge";
import {
  type HoldReason,
  holdsOfCharge,
  needPerson,
  payoutMachine,
  toDo,
  wantedMinor,
} from "../../domain/offers/payout";
import { isAwaitingRelease, isCompletionOverdue } from "../../domain/offers/release";
import { done, type Result } from "../../domain/result";
import { hourMs } from "../../domain/time";
import { retrieveAccount } from "../../stripe/accounts";
import { retrieveBalance } from "../../stripe/balance";
import type { ChargeFacts } from "../../stripe/charge-facts";
import type { StripeFailure, StripeOutcome } from "../../stripe/failure";
import { clear, raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUp } from "../follow-ups";
import { readCharge } from "./read-charge";

/** The facts on which a payout's sending depends, as they are at Stripe at one moment. */
export interface PayoutStanding {
  holds: HoldReason[];
  account: PayoutAccount | undefined;
  charge: ChargeFacts;
  /** The part of the charge that is still there for the payout, in minor units. */
  coveredMinor: number;
}

/** Checks everything that may hold a payout, and lists all reasons. */
export async function standingOf(
  deps: Deps,
  aggregate: TestimonyAggregate,
  payout: Payout,
  checkout: Checkout,
): Promise<StripeOutcome<PayoutStanding>> {
  const [[account]] = await deps.db.batch([selectPayoutAccount(deps.db, payout.expertId)]);
  const charge = await readCharge(deps, aggregate, checkout);
  if (!charge.ok) return charge;
  // An existing transfer of this payout is no reason to hold it.
  const { paidOutMinor, ...rest } = charge.value.money;
  const money = { ...rest, paidOutMinor: charge.value.transfers.length > 0 ? 0 : paidOutMinor };
  const ofCharge = holdsOfCharge(money, payout.acceptedGoneMinor, wantedMinor(payout));
  const ofAccount = await accountHold(deps, payout, account);
  const ofBalance = await balanceHold(deps, payout);
  if (!ofBalance.ok) return ofBalance;
  const ofRelease: HoldReason[] = isAwaitingRelease(payout, deps.nowMs()) ? ["not_released"] : [];
  const holds = [...(ofAccount ? [ofAccount] : []), ...ofCharge, ...ofBalance.value, ...ofRelease];
  return { ok: true, value: { holds, account, charge: charge.value, coveredMinor: stillOurs(money) } };
}

/**
 * Checks the balance for a payout that met an empty balance before, so that it is not tried, and announced, again
 * before there is enough.
 */
async function balanceHold({ stripe }: Deps, payout: Payout): Promise<StripeOutcome<HoldReason[]>> {
  if (!payout.holds.includes("balance_insufficient")) return { ok: true, value: [] };
  const asked = await retrieveBalance(stripe);
  if (!asked.ok) return asked;
  const { availableMinor } = asked.value.get(payout.currency) ?? { availableMinor: 0 };
  return { ok: true, value: availableMinor < wantedMinor(payout) - payout.nettedMinor ? ["balance_insufficient"] : [] };
}

/** Age up to which an account's state is used without asking Stripe: one expert may have many payouts waiting. */
const justAskedMs = 2_000;

/**
 * Checks the expert's account at Stripe. A payout never waits on what we remember of an account alone: the event with
 * better news may be lost.
 */
async function accountHold(
  deps: Deps,
  payout: Payout,
  account: PayoutAccount | undefined,
): Promise<HoldReason | undefined> {
  if (!account) return "account_missing";
  if (account.state === "gone") return "account_gone";
  if (account.stripeAccountId === null) return "account_missing";
  if (account.state === "ready") return undefined;
  const wasJustAsked = account.checkedAt !== null && deps.nowMs() - account.checkedAt < justAskedMs;
  if (wasJustAsked && payout.state === "held") return "account_not_ready";
  const asked = await retrieveAccount(deps.stripe, account.stripeAccountId);
  if (!asked.ok) return isGone(asked.failure) ? "account_gone" : "account_not_ready";
  if (accountState(asked.value, "payouts") !== "ready") return "account_not_ready";
  await deps.enqueueCommands([{ name: "check-payout-account", input: { userId: account.userId } }]);
  return undefined;
}

/** Tells whether Stripe does not know the account any more, or does not let us see it. */
export function isGone({ kind }: StripeFailure): boolean {
  return ["not_found", "account_gone"].includes(kind);
}

/** Interval of the clock's checks of a held payout, in case the event that ends its hold is lost. */
const heldPollMs = 6 * hourMs;

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
  const nowMs = deps.nowMs();
  const isNew = payout.state !== "held" || JSON.stringify(payout.holds) !== JSON.stringify(holds);
  const dueAt = nextLookMs(payout, holds, nowMs, isNew);
  if (!isNew && rows.length === 0) {
    const overdue = isCompletionOverdue(payout, nowMs) ? attention(deps, aggregate, payout, holds) : [];
    await write(deps.db, [updatePayout(deps.db, payout, { coveredMinor, dueAt }), ...overdue]);
    return done;
  }
  const { testimonyId, id: payoutId, expertId } = payout;
  const facts = { payoutId, reasons: holds, ...releaseOf(payout, holds) };
  await appendChange(deps, aggregate, {
    name: "hold-payout",
    actor,
    data: facts,
    rows: [
      ...rows,
      updatePayout(deps.db, payout, {
        state: enter(payoutMachine, "hold", payout.state, actor),
        holds,
        heldSince: heldSinceMs(payout, holds, nowMs),
        coveredMinor,
        reason: null,
        dueAt,
      }),
      ...attention(deps, aggregate, payout, holds),
    ],
    events: [
      {
        type: "payout.held",
        data: { testimonyId, expertId, ...facts, toDo: toDo(holds, payout.releaseOn) },
        to: { expert: expertId },
      },
    ],
  });
  await deps.enqueueCommands(bookkeeping(aggregate, payout, holds));
  return done;
}

/** Returns the time since which a payout waits for anything but its release. */
function heldSinceMs({ state, heldSince }: Payout, holds: HoldReason[], nowMs: number): number | null {
  if (holds.includes("not_released")) return null;
  return state === "held" ? (heldSince ?? nowMs) : nowMs;
}

/** Returns the time of the next check. A release comes at its time, and nothing is asked before. */
function nextLookMs({ releaseAt }: Payout, holds: HoldReason[], nowMs: number, isNew: boolean): number {
  const isOnlyEarly = holds.length > 0 && holds.every((one) => one === "not_released");
  const waitMs = isNew && !isOnlyEarly ? secondPollMs : heldPollMs;
  const releaseMs = releaseAt !== null && releaseAt > nowMs ? releaseAt : undefined;
  if (isOnlyEarly && releaseMs !== undefined) return releaseMs;
  return Math.min(nowMs + waitMs, releaseMs ?? Number.POSITIVE_INFINITY);
}

/** Makes the member of a hold's event that names the release, if the payout waits for it. */
function releaseOf({ releaseAt }: Payout, holds: HoldReason[]): { releaseAt?: string } {
  const isAwaited = holds.includes("not_released") && releaseAt !== null;
  return isAwaited ? { releaseAt: new Date(releaseAt).toISOString() } : {};
}

/** Raises the notice that only a person can continue, or closes it. */
function attention(deps: Deps, aggregate: TestimonyAggregate, payout: Payout, holds: HoldReason[]): Statement[] {
  const { testimonyId, id: aboutId, currency } = payout;
  const needsPerson = needPerson(holds) || isCompletionOverdue(payout, deps.nowMs());
  if (!needsPerson) return endHoldAttention(deps, aggregate, payout);
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
function bookkeeping({ disputes }: TestimonyAggregate, payout: Payout, holds: HoldReason[]): FollowUp[] {
  const { testimonyId, checkoutId } = payout;
  const commands: FollowUp[] = disputes
    .filter((one) => one.checkoutId === checkoutId && one.state === "open")
    .map(({ stripeId }) => ({ name: "record-dispute", input: { testimonyId, disputeId: stripeId } }));
  if (holds.includes("refunded_at_stripe")) {
    commands.push({ name: "record-refund-at-stripe", input: { testimonyId, checkoutId } });
  }
  return commands;
}
