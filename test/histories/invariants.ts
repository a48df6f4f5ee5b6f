import { duplicates, gaps, sumOf, sums, unbalanced } from "./counting";
import { isReleased } from "./release";
import type { Snapshot } from "./snapshot";

/**
 * The invariants, one function each: it takes the state of one moment and returns what is wrong with it in words.
 * `always` holds after every step, `healed` once no fault is planned any more and enough time has passed.
 */
export type Invariant = (snapshot: Snapshot) => string[];

// --- After every step -------------------------------------------------------------------------------------------------

/** Debits equal credits in each currency, in total and in each change. */
const booksBalance: Invariant = ({ rows }) => [
  ...unbalanced(sums(rows.postings, (one) => one.currency)),
  ...unbalanced(sums(rows.postings, (one) => `${one.aggregateId} ${one.version} ${one.currency}`)),
];

/** Nobody is owed a negative amount, which would mean that more was refunded or paid out than came in. */
const nobodyIsOverpaid: Invariant = ({ rows }) =>
  [...sums(rows.postings, (one) => `${one.account} ${one.aggregateId}`)]
    .filter(([key, sum]) => /^(client_payable|expert_payable|commission) /.test(key) && sum > 0)
    .map(([key, sum]) => `${key} is overdrawn by ${sum}`);

/** A testimony has at most one acceptance, ever. */
const oneAcceptance: Invariant = ({ rows }) => [
  ...duplicates(rows.journal.filter((one) => one.name === "accept-offer").map((one) => one.aggregateId)),
  ...duplicates(rows.offers.filter((one) => one.acceptedAt !== null).map((one) => one.testimonyId)),
  ...duplicates(rows.payouts.map((one) => one.testimonyId)),
];

/** An acceptance that was answered to the client stays, until an operator takes it back. */
const acceptedStays: Invariant = ({ rows, told }) =>
  [...told.accepted].flatMap((sessionId) => {
    const checkout = rows.checkouts.find((one) => one.sessionId === sessionId);
    const testimony = rows.testimonies.find((one) => one.id === checkout?.testimonyId);
    const stands = testimony?.state === "accepted" || testimony?.state === "completed";
    if (stands && checkout?.state === "accepted" && testimony.acceptedOfferId === checkout.offerId) return [];
    if (testimony && told.refundAsked.has(testimony.id)) return [];
    return [`${sessionId} was confirmed, and is ${checkout?.state} of a testimony that is ${testimony?.state}`];
  });

/** No answer contained anything wrong: strangers' data, keys, internal details, server errors. */
const nothingWrongWasSaid: Invariant = ({ told }) => told.wrong;

/** Stripe made every requested object once. */
const oneObjectPerRow: Invariant = ({ stripe }) => [
  ...duplicates(stripe.sessions.map((one) => one.metadata?.checkout_id)),
  ...duplicates(stripe.transfers.map((one) => one.metadata.payout_id)),
  ...duplicates(stripe.refunds.map((one) => one.metadata?.refund_id)),
  ...duplicates(stripe.reversals.map((one) => one.metadata?.call_id)),
  ...duplicates(stripe.accounts.map((one) => one.metadata?.user_id)),
];

/** Refunds of one payment never exceed it. */
const refundsWithinPayment: Invariant = ({ stripe }) =>
  stripe.charges.flatMap((charge) => {
    const sum = sumOf(stripe.refunds.filter((one) => one.charge === charge.id && one.status !== "failed"));
    return sum > charge.amount ? [`${charge.id}: ${sum} of ${charge.amount} went back`] : [];
  });

/** The expert of a testimony never gets more than the price, and nothing for a testimony that nobody accepted. */
const transfersWithinPrice: Invariant = ({ rows, stripe }) =>
  rows.testimonies.flatMap(({ id, priceMinor }) => {
    const sent = stripe.transfers.filter((one) => one.transfer_group === id).reduce((sum, one) => sum + one.amount, 0);
    return sent > (priceMinor ?? 0) ? [`${id}: ${sent} sent of ${priceMinor}`] : [];
  });

/** At most one page of one client and offer can be paid. */
const onePayablePage: Invariant = ({ rows, stripe }) =>
  duplicates(
    stripe.sessions
      .filter((one) => one.status === "open")
      .map((one) => rows.checkouts.find(({ id }) => id === one.metadata?.checkout_id))
      .map((one) => one && `page of ${one.clientId} for ${one.offerId}`),
  );

/** No page is opened for an offer whose time is over. */
const noPageAfterTheEnd: Invariant = ({ rows }) =>
  rows.checkouts.flatMap(({ id, offerId, createdAt }) => {
    const end = rows.offers.find((one) => one.id === offerId)?.validUntil ?? Number.POSITIVE_INFINITY;
    return createdAt < end ? [] : [`page ${id} was opened at ${createdAt} for ${offerId}, which had ended at ${end}`];
  });

/** The journal's versions and each aggregate's events are numbered without a gap, and each event has its change. */
const nothingIsMissingInBetween: Invariant = ({ rows }) => [
  ...gaps(
    "version",
    rows.journal.map((one) => [one.aggregateId, one.version]),
  ),
  ...gaps(
    "event",
    rows.outbox.map((one) => [one.aggregateId, one.sequence]),
  ),
  ...rows.outbox
    .filter(
      (event) => !rows.journal.some((one) => one.aggregateId === event.aggregateId && one.version === event.version),
    )
    .map((event) => `${event.type} of ${event.aggregateId} has no change`),
];

/** The events that each change must publish in its batch. */
const announcements: Record<string, readonly string[]> = {
  "accept-offer": ["offer.accepted"],
  "cancel-testimony": ["testimony.cancelled"],
  "complete-testimony": ["testimony.completed"],
  "refund-testimony": ["testimony.refunded"],
  "pay-payout": ["payout.paid"],
  "hold-payout": ["payout.held"],
  "fail-payout": ["payout.failed"],
  "reverse-payout": ["payout.reversed"],
  "carry-receivable": ["payout.reversed"],
  "record-reversal": ["payout.reversed"],
  "refund-succeeded": ["offer.payment_returned"],
  "refund-failed": ["offer.payment_return_failed"],
  "account-changed": ["payout_account.updated"],
  "record-refund-at-stripe": ["payment.refunded_at_stripe"],
  "withdraw-offer": ["offer.withdrawn"],
  "process-payment": ["offer.payment_processing"],
  "raise-receivable": ["debt.raised"],
  "repay-receivable": ["debt.lowered"],
};

/** Events that may accompany any change: that a refund is requested, or that a processing payment has settled. */
const beside = ["offer.payment_returning", "offer.payment_settled"];

/** The events by which the failure of an out-of-band refund is told. */
const notBackAfterAll = ["payment.refund_at_stripe_failed", "offer.payment_return_failed"];

/** Every change has its events. */
const changesAreAnnounced: Invariant = ({ rows }) =>
  rows.journal.flatMap((change) => {
    const wanted = announcements[change.name];
    const isOfSeller = rows.connectedAccounts.some((one) => one.id === change.aggregateId);
    if (!wanted || isOfSeller) return [];
    const told = rows.outbox.filter((one) => one.aggregateId === change.aggregateId && one.version === change.version);
    const types = told.map((one) => one.type.replace("partly_returned", "returned"));
    const said = types.filter((type) => !beside.includes(type)).join();
    const isFailing = change.name === "record-refund-at-stripe" && change.data.status === "failed";
    if (isFailing ? notBackAfterAll.includes(said) : said === wanted.join()) return [];
    return [`${change.name} of ${change.aggregateId} was told as [${told.map((one) => one.type)}]`];
  });

export const always: Record<string, Invariant> = {
  booksBalance,
  nobodyIsOverpaid,
  oneAcceptance,
  acceptedStays,
  nothingWrongWasSaid,
  oneObjectPerRow,
  refundsWithinPayment,
  transfersWithinPrice,
  onePayablePage,
  noPageAfterTheEnd,
  nothingIsMissingInBetween,
  changesAreAnnounced,
};

// --- After healing ----------------------------------------------------------------------------------------------------

/** Every paid page has ended: accepted, returned in full, or visibly waiting for an operator. */
const paymentsHaveEnded: Invariant = ({ rows, stripe }) =>
  stripe.sessions
    .filter((one) => one.payment_status === "paid")
    .flatMap((session) => {
      const checkout = rows.checkouts.find((one) => one.sessionId === session.id);
      const testimony = rows.testimonies.find((one) => one.id === checkout?.testimonyId);
      // Returned by a refund or by the bank: a lost dispute counts, too.
      const backMinor =
        sumOf(stripe.refunds.filter((one) => isOf(session, one) && one.status !== "failed")) +
        sumOf(stripe.disputes.filter((one) => isOf(session, one) && one.status === "lost"));
      if (checkout?.state === "accepted" && testimony?.acceptedOfferId === checkout.offerId) return [];
      if (checkout?.state === "returned" && backMinor >= checkout.totalMinor) return [];
      if (checkout?.state === "return_failed" && isLookedAt(rows, testimony?.id)) return [];
      if (checkout?.state === "returning" && isBeingDisputed(stripe, session)) return []; // nothing is refunded meanwhile
      return [`paid ${session.id} is ${checkout?.state} (${testimony?.state}, ${backMinor} went back)`];
    });

/** Tells whether an aggregate is raised for an operator. */
function isLookedAt({ attention }: Snapshot["rows"], aggregateId: string | undefined): boolean {
  return attention.some((one) => one.aggregateId === aggregateId && one.clearedAt === null);
}

/** Tells whether a bank has not decided yet. */
function isBeingDisputed({ disputes }: Snapshot["stripe"], session: { payment_intent: unknown }): boolean {
  return disputes.some((one) => isOf(session, one) && disputeStateOf(one.status) === "open");
}

function isOf(session: { payment_intent: unknown }, money: { payment_intent: unknown }): boolean {
  return session.payment_intent === money.payment_intent;
}

/** Every part of a payment is where it belongs: expert, platform, client, or owed for a named reason. */
const capturedIsSharedOut: Invariant = ({ rows }) =>
  rows.testimonies.flatMap((testimony) => {
    const ofClient = rows.postings.filter(
      (one) => one.aggregateId === testimony.id && one.account === "client_payable",
    );
    const owed = -ofClient.reduce((sum, one) => sum + one.amountMinor, 0);
    const checkouts = rows.checkouts.filter((one) => one.testimonyId === testimony.id);
    const most = checkouts.reduce((sum, one) => {
      if (one.state === "return_failed" || one.state === "returning") return sum + one.totalMinor;
      return one.state === "accepted" ? sum + one.returnedMinor - one.refundedMinor : sum; // a part that failed
    }, 0);
    return owed < 0 || owed > most ? [`${testimony.id} still owes its client ${owed}, at most ${most} may be`] : [];
  });

/** An accepted testimony that is paid out has one transfer, of the price less refunds and the expert's debt. */
const oneTransferPerAcceptance: Invariant = ({ rows, stripe }) =>
  rows.testimonies
    .filter((one) => one.state === "accepted" || one.state === "completed")
    .flatMap((testimony) => {
      const [payout] = rows.payouts.filter((one) => one.testimonyId === testimony.id);
      const transfers = stripe.transfers.filter((one) => one.transfer_group === testimony.id);
      if (!payout) return [`${testimony.id} is ${testimony.state} without a payout`];
      const { sentMinor, nettedMinor, amountMinor, loweredMinor } = payout;
      const isPaid = payout.state === "paid";
      const isOne = transfers.length === 1 && transfers[0]?.amount === sentMinor;
      const isWhole = loweredMinor > 0 || sentMinor + nettedMinor === amountMinor;
      const fits = isPaid && sentMinor > 0 ? isOne && isWhole : transfers.length === 0;
      return fits ? [] : [`${testimony.id}: payout ${payout.state}, ${transfers.length} transfers`];
    });

/**
 * Nothing is half-done. Allowed to wait for ever are a payout held until its expert can be paid or a dispute is won, a
 * failed payout or return and anything else that an operator was told of, and a page that is still open at Stripe.
 */
const nothingIsHalfDone: Invariant = (snapshot) => {
  const { rows, stripe } = snapshot;
  const isOpenAtStripe = (id: string | null) => stripe.sessions.some((one) => one.id === id && one.status === "open");
  return [
    ...rows.effects.filter((one) => one.state === "open").map((one) => `${one.kind} ${one.id} open: ${one.failure}`),
    ...rows.events.filter((one) => one.state !== "processed").map((one) => `${one.type} ${one.state}: ${one.failure}`),
    ...rows.checkouts
      .filter(
        (one) =>
          /claimed|processing/.test(one.state) ||
          (one.state === "returning" && !isBeingDisputed(stripe, { payment_intent: one.paymentIntentId })) ||
          (one.state === "open" && !isOpenAtStripe(one.sessionId)),
      )
      .map((one) => `checkout ${one.id} is ${one.state}`),
    ...rows.checkouts.filter((one) => one.chargeId && one.feeMinor === null).map((one) => `${one.id} has no fee`),
    ...rows.refunds
      .filter((one) => one.state === "claimed" || one.state === "pending")
      .map((one) => `refund ${one.id} is ${one.state}`),
    ...rows.payouts
      .filter(
        (one) =>
          /due|sending|reversing/.test(one.state) || (one.state === "failed" && !isLookedAt(rows, one.testimonyId)),
      )
      .map((one) => `payout ${one.id} is ${one.state} ${one.reason}`),
    ...rows.payouts
      .filter((one) => one.state === "held" && !mayWait(snapshot, one))
      .map((one) => `${one.id} held for nothing`),
    ...rows.accounts.filter((one) => one.state === "creating").map((one) => `account of ${one.userId} is not made`),
    ...rows.connectedAccounts
      .filter((one) => one.state === "creating" || one.state === "deleting")
      .map((one) => `account ${one.id} is ${one.state}`),
  ];
};

function mayWait({ rows, stripe, told }: Snapshot, payout: Snapshot["rows"]["payouts"][number]): boolean {
  const { testimonyId } = payout;
  const acceptedAt =
    rows.journal.find((one) => one.aggregateId === testimonyId && one.name === "accept-offer")?.at ?? 0;
  const isCompleted = rows.testimonies.some((one) => one.id === testimonyId && one.state === "completed");
  const isEarly = !isReleased(told.release, acceptedAt, stripe.nowMs, isCompleted);
  // Sixty days after an acceptance a person must look.
  const isOverdue = told.release === "completed" && stripe.nowMs > acceptedAt + 61 * 24 * 60 * 60 * 1_000;
  if (isEarly && (!isOverdue || isLookedAt(rows, testimonyId))) return true;
  const isDisputed = rows.disputes.some((one) => one.checkoutId === payout.checkoutId && one.state !== "won");
  const chargeId = rows.checkouts.find((one) => one.id === payout.checkoutId)?.chargeId;
  const isRefunded = stripe.refunds.some((one) => one.charge === chargeId && one.status !== "failed");
  return (
    isDisputed ||
    isRefunded ||
    !stripe.accounts.some((one) => one.metadata?.user_id === payout.expertId && canReceive(one))
  );
}

function canReceive({ capabilities }: Snapshot["stripe"]["accounts"][number]): boolean {
  return capabilities?.transfers === "active";
}

/** Every repeated request under a key has a final answer. */
const maybesAreResolved: Invariant = ({ told }) =>
  told.keyed
    .filter(({ last }) => last.status >= 500 || /^idempotency_(key_running|in_progress)$/i.test(last.code ?? ""))
    .map(({ path, key, last }) => `${path} under ${key} is still ${last.status} ${last.code}`);

/** Stripe's objects and our rows agree. */
const stripeMatchesRows: Invariant = ({ rows, stripe }) => [
  ...stripe.sessions.flatMap((session) => {
    const checkout = rows.checkouts.find((one) => one.id === session.metadata?.checkout_id);
    if (checkout?.sessionId !== session.id) return [`${session.id} is not the page of ${checkout?.id}`];
    const shouldBeOpen = session.status === "open";
    const isDead = session.status === "expired";
    if (shouldBeOpen !== (checkout.state === "open")) return [`${session.id} ${session.status}, row ${checkout.state}`];
    return isDead && checkout.state !== "expired" ? [`${session.id} expired, row ${checkout.state}`] : [];
  }),
  ...stripe.refunds.flatMap((refund) => {
    if (refund.metadata?.refund_id === undefined) return [];
    const row = rows.refunds.find((one) => one.id === refund.metadata?.refund_id);
    const fits = row?.stripeId === refund.id && row.state === refund.status && row.amountMinor === refund.amount;
    return fits ? [] : [`${refund.id} is ${refund.status}, row ${row?.state} ${row?.stripeId}`];
  }),
  ...rows.refunds
    .filter((row) => row.state !== "failed" && !stripe.refunds.some((one) => one.id === row.stripeId))
    .map((row) => `refund ${row.id} is ${row.state} and does not exist`),
  ...stripe.transfers.flatMap((transfer) => {
    const payout = rows.payouts.find((one) => one.id === transfer.metadata.payout_id);
    const account = rows.accounts.find((one) => one.userId === payout?.expertId);
    // An account that is gone may have been replaced since.
    const isGone = !stripe.accounts.some(({ id }) => id === transfer.destination);
    const isToExpert = account?.stripeAccountId === transfer.destination || isGone;
    const fits = payout?.transferId === transfer.id && isToExpert;
    if (!fits) return [`${transfer.id} is not the transfer of ${payout?.id}`];
    return payout.reversedMinor === transfer.amount_reversed
      ? []
      : [`${transfer.id}: ${transfer.amount_reversed} reversed, row ${payout.reversedMinor}`];
  }),
  ...stripe.disputes.flatMap((dispute) => {
    const row = rows.disputes.find((one) => one.stripeId === dispute.id);
    const state = disputeStateOf(dispute.status);
    return row?.state === state ? [] : [`${dispute.id} is ${dispute.status}, row ${row?.state}`];
  }),
  // Our state of an account without payouts may be too good, because Stripe is asked before it matters.
  ...stripe.accounts.flatMap((account) => {
    if (account.metadata?.user_id === undefined) return []; // a seller's, who is paid by shoppers
    const row = rows.accounts.find((one) => one.stripeAccountId === account.id);
    const isNeeded = rows.payouts.some((one) => one.expertId === row?.userId && one.state === "held");
    if (rows.users.some(({ id, deletedAt }) => id === row?.userId && deletedAt !== null)) return []; // nobody looks again
    const isReady = row?.state === "ready";
    if (isReady === canReceive(account) || (isReady && !isNeeded)) return [];
    return [`${account.id} can receive: ${canReceive(account)}, row ${row?.state}`];
  }),
];

/** Maps a status. An inquiry that has ended took nothing. */
export function disputeStateOf(status: string): "open" | "won" | "lost" {
  if (status === "warning_closed") return "won";
  return status === "won" || status === "lost" ? status : "open";
}

/** An operator can see everything that needs one, until it was decided. */
const troubleIsVisible: Invariant = ({ rows, stripe, told }) =>
  rows.testimonies
    .filter(({ id }) => !isLookedAt(rows, id))
    .flatMap(({ id }) => {
      const isDecided = told.released.has(id) || told.refundAsked.has(id);
      const isLost = rows.checkouts.some((one) => one.testimonyId === id && one.state === "return_failed");
      const isFailed = rows.payouts.some((one) => one.testimonyId === id && one.state === "failed");
      const isDisputed = !isDecided && rows.disputes.some((one) => one.testimonyId === id && one.state !== "won");
      // Money of a valid acceptance that was refunded out-of-band.
      const isRefunded = rows.checkouts.some(
        (one) =>
          one.testimonyId === id &&
          one.state === "accepted" &&
          !isDecided &&
          stripe.refunds.some(({ charge, status }) => charge === one.chargeId && status === "succeeded"),
      );
      const trouble = { isLost, isFailed, isDisputed, isRefunded };
      return Object.values(trouble).some(Boolean) ? [`${id} needs attention: ${JSON.stringify(trouble)}`] : [];
    });

export const healed: Record<string, Invariant> = {
  paymentsHaveEnded,
  capturedIsSharedOut,
  oneTransferPerAcceptance,
  nothingIsHalfDone,
  maybesAreResolved,
  stripeMatchesRows,
  troubleIsVisible,
};

/** Lists what is wrong, each with the name of the violated invariant. */
export function violations(invariants: Record<string, Invariant>, snapshot: Snapshot): string[] {
  return Object.entries(invariants).flatMap(([name, holds]) => holds(snapshot).map((wrong) => `${name}: ${wrong}`));
}
