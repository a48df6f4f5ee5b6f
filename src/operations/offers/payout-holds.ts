import { type PayoutAccount, selectPayoutAccount } from "../../db/offers/payout-accounts";
import type { Checkout, Payout, TestimonyAggregate } from "../../db/offers/testimonies";
import { accountState } from "../../domain/account";
import { stillOurs } from "../../domain/offers/charge";
import { type HoldReason, holdsOfCharge, wantedMinor } from "../../domain/offers/payout";
import { retrieveAccount } from "../../stripe/accounts";
import { retrieveBalance } from "../../stripe/balance";
import type { ChargeFacts } from "../../stripe/charge-facts";
import type { StripeFailure, StripeOutcome } from "../../stripe/failure";
import type { Deps } from "../deps";
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
  const holds = [...(ofAccount ? [ofAccount] : []), ...ofCharge, ...ofBalance.value];
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
  if ((account.state as string) === "gone") return "account_gone";
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
