import { duplicates } from "./counting";
import type { Invariant } from "./invariants";
import type { Snapshot } from "./snapshot";

/* Invariants of transfers; in the form of invariants.ts. */

type Rows = Snapshot["rows"];
type TransferRow = Rows["transfers"][number];
type WalletRow = Rows["wallets"][number];
type EntryRow = Rows["walletEntries"][number];

// --- After every step -------------------------------------------------------------------------------------------------

const changes = {
  COMPLETED: "accept-transfer",
  REJECTED: "reject-transfer",
  CANCELLED: "cancel-transfer",
  EXPIRED: "expire-transfer",
} as const;

/** Every transfer was resolved once or not at all, as its state and the answers say. */
const transfersAreResolvedOnce: Invariant = ({ rows, told }) => [
  ...rows.transfers.flatMap(({ id, reference, state }) => {
    const made = rows.journal.filter((one) => one.aggregateId === id).map(({ name }) => name);
    const due = ["initiate-transfer", ...(state === "AWAITING_ACCEPTANCE" ? [] : [changes[state]])];
    return made.join() === due.join() ? [] : [`${reference} is ${state}, and has ${made}`];
  }),
  ...[...told.transfers].flatMap(([reference, { senderId, receiverId, amount, currency, end }]) => {
    const row = rows.transfers.find((one) => one.reference === reference);
    const isSame = row?.amount === amount && row.currency === currency;
    if (!isSame || row.senderAppId !== senderId || row.receiverAppId !== receiverId)
      return [`${reference} was answered, and is not there as it was`];
    return end === undefined || row.state === end ? [] : [`${reference} was answered as ${end}, and is ${row.state}`];
  }),
];

/** Only completed transfers moved money: from one wallet to another, by the amount, at the moment of the acceptance. */
const moneyMovesByAcceptance: Invariant = ({ rows }) => [
  ...rows.transfers.flatMap((row) => {
    const sides = rows.walletEntries.filter(({ transferId }) => transferId === row.id);
    const due = row.state === "COMPLETED" ? bothSidesOf(row) : [];
    const found = sides.map(sideOf);
    return found.toSorted().join() === due.toSorted().join() ? [] : [`${row.reference} is ${row.state}: [${found}]`];
  }),
  ...rows.walletEntries
    .filter(({ transferId }) => !rows.transfers.some(({ id }) => id === transferId))
    .map(({ id }) => `entry ${id} is of no transfer`),
];

function bothSidesOf({ senderAppId, receiverAppId, amount, currency, acceptedAt }: TransferRow): string[] {
  const rest = [amount, currency, acceptedAt].join(" ");
  return [`DEBIT ${senderAppId} ${rest}`, `CREDIT ${receiverAppId} ${rest}`];
}

function sideOf({ type, applicationId, amount, currency, createdAt }: EntryRow): string {
  return [type, applicationId, amount, currency, createdAt].join(" ");
}

/** A wallet is the sum of the completed transfers of its application, and its chain leads there. */
const walletsAreAsAccepted: Invariant = ({ rows }) =>
  rows.wallets.flatMap((wallet) => {
    const sum = (side: "senderAppId" | "receiverAppId") =>
      rows.transfers
        .filter((one) => one.state === "COMPLETED" && one.currency === wallet.currency)
        .filter((one) => one[side] === wallet.applicationId)
        .reduce((total, { amount }) => total + BigInt(amount), 0n);
    const [credited, debited] = [sum("receiverAppId"), sum("senderAppId")];
    const isRight =
      totalOf(wallet, "Credited") === credited &&
      totalOf(wallet, "Debited") === debited &&
      BigInt(wallet.balance) === credited - debited &&
      endOfChain(rows, wallet) === credited - debited;
    return isRight
      ? []
      : [`${JSON.stringify(wallet)}: ${credited} in, ${debited} out, ends at ${endOfChain(rows, wallet)}`];
  });

type Totals = Record<`total${"Credited" | "Debited"}${"High" | "Low"}`, number>;

/** Returns a total from the two integers that store it: lifetimes and days may move more than a number holds. */
function totalOf(row: Totals, side: "Credited" | "Debited"): bigint {
  return BigInt(row[`total${side}High`]) * 100_000_000n + BigInt(row[`total${side}Low`]);
}

/** Follows the entries of a wallet from zero, and returns the end; undefined if one does not follow. */
function endOfChain({ walletEntries }: Rows, { applicationId, currency, sequence }: WalletRow): bigint | undefined {
  const chain = walletEntries
    .filter((one) => one.applicationId === applicationId && one.currency === currency)
    .toSorted((a, b) => a.sequence - b.sequence);
  let balance: bigint | undefined = 0n;
  for (const [at, entry] of chain.entries()) {
    const [opening, closing] = [BigInt(entry.openingBalance), BigInt(entry.closingBalance)];
    const next: bigint = opening + BigInt(entry.type === "CREDIT" ? entry.amount : -entry.amount);
    const follows: boolean = entry.sequence === at + 1 && opening === balance && closing === next;
    balance = follows ? next : undefined;
  }
  return chain.length === sequence ? balance : undefined;
}

/** No wallet is below its limit. */
const debitsAreWithinLimits: Invariant = ({ rows }) =>
  rows.wallets
    .filter(({ balance, debitLimit }) => debitLimit !== null && balance < -debitLimit)
    .map(({ id, balance, debitLimit }) => `wallet ${id} is at ${balance}, and may owe ${debitLimit}`);

/** Nobody accepts, rejects or cancels after the end of the window, and nothing expires before it. */
const windowsAreKept: Invariant = ({ rows }) =>
  rows.transfers
    .filter(({ state, expiresAt, acceptedAt, rejectedAt, cancelledAt, updatedAt }) => {
      if (state === "EXPIRED") return updatedAt < expiresAt;
      return (acceptedAt ?? rejectedAt ?? cancelledAt ?? 0) >= expiresAt;
    })
    .map(({ reference, state, updatedAt, expiresAt }) => `${reference} ${state} at ${updatedAt}, end ${expiresAt}`);

/**
 * Each settled day is the sum of its entries, whatever came later: no entry is in two batches, or falls into a counted
 * one.
 */
const settledDaysStay: Invariant = ({ rows, told }) => [
  ...duplicates(rows.settlementBatches.map(({ day, currency }) => `batch of ${day} in ${currency}`)),
  ...rows.settlementBatches.flatMap((batch) => {
    const entries = rows.walletEntries.filter(({ day, currency }) => day === batch.day && currency === batch.currency);
    const sum = (type: EntryRow["type"]) =>
      entries.filter((one) => one.type === type).reduce((total, { amount }) => total + BigInt(amount), 0n);
    const isRight = totalOf(batch, "Credited") === sum("CREDIT") && totalOf(batch, "Debited") === sum("DEBIT");
    return isRight && batch.status === "COMPLETED" ? [] : [`batch ${JSON.stringify(batch)}: ${sum("CREDIT")}`];
  }),
  ...[...told.settlements.keys()]
    .filter((day) => !rows.settlementBatches.some((one) => one.day === day && one.currency === "NGN"))
    .map((day) => `${day} was answered as settled, and is not`),
];

const endings = {
  COMPLETED: "TRANSACTION_COMPLETED",
  REJECTED: "TRANSACTION_REJECTED",
  CANCELLED: "TRANSACTION_CANCELLED",
  EXPIRED: "TRANSACTION_EXPIRED",
} as const;

/** Each side has exactly the records that it should have, with their events. */
const everybodyIsToBeTold: Invariant = ({ rows }) =>
  rows.transfers.flatMap(({ reference, state, callbackUrl, receiverAppId }) => {
    const found = rows.transferWebhooks.filter((one) => one.reference === reference).map(({ eventType }) => eventType);
    const isListening = rows.applications.some((one) => one.id === receiverAppId && one.transactionWebhookUrl !== null);
    const due = [
      ...(isListening ? ["TRANSACTION_INITIATED"] : []),
      ...(isListening && state === "CANCELLED" ? ["TRANSACTION_CANCELLED"] : []),
      ...(callbackUrl !== null && state !== "AWAITING_ACCEPTANCE" ? [endings[state]] : []),
    ];
    return found.toSorted().join() === due.toSorted().join() ? [] : [`${reference} is ${state}, records [${found}]`];
  });

export const always: Record<string, Invariant> = {
  transfersAreResolvedOnce,
  moneyMovesByAcceptance,
  walletsAreAsAccepted,
  debitsAreWithinLimits,
  windowsAreKept,
  settledDaysStay,
  everybodyIsToBeTold,
};

// --- After healing ----------------------------------------------------------------------------------------------------

/** Nothing waits any more, neither for an answer nor for its delivery. */
const noTransferIsHalfDone: Invariant = ({ rows }) => [
  ...rows.transfers
    .filter(({ state }) => state === "AWAITING_ACCEPTANCE")
    .map(({ reference }) => `${reference} still waits`),
  ...rows.transferWebhooks
    .filter(({ state, dueAt }) => state === "PENDING" || dueAt !== null)
    .map(({ reference, direction, attempts }) => `the ${direction} of ${reference} is not told, ${attempts} attempts`),
];

/** Every delivered record was received, signed and right; the others have failed for as long as the schedule says. */
const deliveredHasArrived: Invariant = ({ rows, told }) => [
  ...told.notices
    .filter(({ verdict }) => verdict !== "verified")
    .map(({ id, verdict }) => `a notice of ${id} is ${verdict}`),
  ...rows.transferWebhooks.flatMap(({ id, reference, direction, eventType, state, attempts, lastError }) => {
    const transfer = rows.transfers.find((one) => one.reference === reference);
    const status = eventType === "TRANSACTION_INITIATED" ? "AWAITING_ACCEPTANCE" : transfer?.state;
    const notices = told.notices.filter((one) => one.id === id);
    const stranger = notices.find((one) => one.event !== eventType || one.status !== status);
    if (stranger) return [`${reference} was told as ${stranger.event}, ${stranger.status}`];
    const wasTaken = notices.some((one) => one.wasTaken);
    const hasFailed = state === "FAILED" && (attempts >= 4 || lastError === "HTTP 410");
    return (state === "DELIVERED" && wasTaken) || hasFailed
      ? []
      : [`the ${direction} of ${reference} is ${state} after ${attempts}, taken: ${wasTaken}`];
  }),
];

/** Every day with an entry is counted, as soon as it must be. */
const daysAreSettled: Invariant = ({ rows, stripe }) => {
  const settledUntil = new Date(stripe.nowMs + 60_000 - 2 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  return rows.walletEntries
    .filter(({ day }) => day <= settledUntil)
    .filter(({ day, currency }) => !rows.settlementBatches.some((one) => one.day === day && one.currency === currency))
    .map(({ day, currency, reference }) => `${reference} of ${day} in ${currency} is not settled`);
};

export const healed: Record<string, Invariant> = { noTransferIsHalfDone, deliveredHasArrived, daysAreSettled };
