import * as attention from "../../src/db/attention";
import * as commit from "../../src/db/commit";
import type { CursorPage } from "../../src/db/cursor-page";
import * as cursors from "../../src/db/cursors";
import type { Database } from "../../src/db/database";
import * as due from "../../src/db/due";
import * as keys from "../../src/db/idempotency";
import * as ledger from "../../src/db/ledger";
import * as deletions from "../../src/db/offers/delete-user";
import { loadExport } from "../../src/db/offers/export-profile";
import * as mails from "../../src/db/offers/mails";
import * as notifications from "../../src/db/offers/notifications";
import * as ownOffers from "../../src/db/offers/own-offers";
import * as payoutAccounts from "../../src/db/offers/payout-accounts";
import * as receivables from "../../src/db/offers/receivables";
import * as testimonies from "../../src/db/offers/testimonies";
import * as listsByCursor from "../../src/db/offers/testimonies-by-cursor";
import * as lists from "../../src/db/offers/testimony-lists";
import * as views from "../../src/db/offers/testimony-views";
import * as tokens from "../../src/db/offers/tokens";
import { selectUnfinished } from "../../src/db/offers/unfinished";
import * as users from "../../src/db/offers/users";
import * as opening from "../../src/db/opening-balance";
import * as told from "../../src/db/operator/attention-published";
import { readHealth } from "../../src/db/operator/health";
import { selectRecord } from "../../src/db/operator/lists";
import * as named from "../../src/db/operator/named-by";
import { readPulse } from "../../src/db/operator/pulse";
import { hitsOf, search } from "../../src/db/operator/search";
import { timelineOf } from "../../src/db/operator/timeline";
import { waitingFor } from "../../src/db/operator/waiting";
import * as waiting from "../../src/db/operator/waiting-queries";
import * as accountLists from "../../src/db/payments/account-lists";
import * as accounts from "../../src/db/payments/connected-accounts";
import * as developers from "../../src/db/payments/developers";
import * as disputeLists from "../../src/db/payments/dispute-lists";
import * as orders from "../../src/db/payments/orders";
import * as paymentFacts from "../../src/db/payments/payment-facts";
import * as paymentLists from "../../src/db/payments/payment-lists";
import * as methods from "../../src/db/payments/payment-methods";
import * as paymentViews from "../../src/db/payments/payment-views";
import * as payments from "../../src/db/payments/payments";
import * as refundLists from "../../src/db/payments/refund-lists";
import { readUnfinished } from "../../src/db/payments/unfinished";
import * as position from "../../src/db/position";
import * as postings from "../../src/db/postings";
import { readAll } from "../../src/db/read-all";
import * as restoreMark from "../../src/db/restore-mark";
import * as secrets from "../../src/db/secrets";
import * as effects from "../../src/db/stripe-effects";
import * as events from "../../src/db/stripe-events";
import * as fees from "../../src/db/stripe-fees";
import * as objects from "../../src/db/stripe-objects";
import * as applications from "../../src/db/transfers/applications";
import * as count from "../../src/db/transfers/count-settlement";
import * as dueTransfers from "../../src/db/transfers/due-transfers";
import * as failedRecords from "../../src/db/transfers/failed-records";
import { partyReads } from "../../src/db/transfers/parties";
import * as settlements from "../../src/db/transfers/settlements";
import type { Transfer, TransferWebhook } from "../../src/db/transfers/transfer";
import * as transferLists from "../../src/db/transfers/transfer-lists";
import * as transfers from "../../src/db/transfers/transfers";
import { entriesAt, pageOfEntries, selectEntryPlace } from "../../src/db/transfers/wallet-ledger";
import { moveMoney } from "../../src/db/transfers/wallet-movement";
import * as wallets from "../../src/db/transfers/wallets";
import * as records from "../../src/db/transfers/webhook-records";
import * as attempts from "../../src/db/webhooks/attempts";
import * as deliveries from "../../src/db/webhooks/deliveries";
import * as endpoints from "../../src/db/webhooks/endpoints";
import * as fanOut from "../../src/db/webhooks/fan-out";
import { timeOf } from "../../src/domain/id";
import { owner, rowId } from "./many-rows";
import type { NamedQuery } from "./named-query";
import { operatorListQueries } from "./operator-list-queries";

const id = rowId(5);
const holder = { ownerId: id, kind: "client" } as const;
const asRead = { aggregateId: id, id, generation: 0, attempts: 0 };
const five = { limit: 5, after: undefined };
const page = { page: 1, perPage: 5 };
const first: CursorPage = { limit: 2, order: "desc" };
const behind: CursorPage = { ...first, cursor: { id: rowId(8), side: "after" } };
const created = { createdAfterMs: timeOf(id), createdBeforeMs: timeOf(id) + 1 };
const aMinute = "ids of the minute around the time are looked at, and here all are of one";
const byDay = { settlement_batches: "by its key from the end, and no further than the page" };
const bounded = "at most two thousand rows are looked at, and the answer says up to which";
const onwards: CursorPage = { ...behind, order: "asc" };
const numbered = { limit: 5, offset: 0, order: "desc" } as const;
const order = { developerId: owner, appId: owner, orderId: id };
const ofApp = { developerId: owner, appId: owner };
const reservation = { caller: owner, operation: owner, key: id, reservationId: "x" };
const terms = { fingerprint: "x", nowMs: 0, expiresAtMs: 1, leaseMs: 1 };
const delivery = { endpointId: owner, eventId: id };
const recovery = { sinceId: id, untilId: rowId(9), type: "offer.created", nowMs: 0, limit: 5 };
const record = { reference: id, direction: "SENDER", eventType: "TRANSACTION_COMPLETED" } as const;
const wallet = { applicationId: owner, currency: "NGN" };
const ended = { state: "delivered", dueAt: null } as const;
const counted = { id, day: "2020-01-06", currency: "NGN", atMs: 0 };
const mailRow = mails.mailRow({ userId: id, kind: "verify-email", address: "a@example.com" }, 0, () => id);
/** Later than any due time. */
const later = 1_000_000;

const total = "the contract's answer says how many there are in all: an index is counted, no row is read";
const hundred = "at most a hundred of each place";
const itself = "the first of it, then the first behind each that was found";
const lookedThrough = "twenty thousand at most, where only an operator asks";
/** Longer than anything may take. */
const late = 10 * 24 * 60 * 60 * 1000;
const ofOneRequest = "the deliveries that one request looks at";
const proof = "the proof of the books reads all of them";

/** Every named query of `src/db` that does more than insert a row; a test checks that none is missing. */
export const namedQueries: readonly NamedQuery[] = [
  // Applications, subjects, tags.
  { name: "loadApplication", ask: (db) => applications.loadApplication(db, id, 0) },
  { name: "selectApplication", ask: (db) => applications.selectApplication(db, id) },
  { name: "selectApplicationByHandle", ask: (db) => applications.selectApplicationByHandle(db, id) },
  {
    name: "pageOfApplications",
    ask: (db) => applications.pageOfApplications(db, {}, first),
    walks: { applications: "by its key from the end, and no further than the page" },
  },
  { name: "updateApplication", ask: (db) => applications.updateApplication(db, id, { name: "x" }) },
  { name: "selectSubject", ask: (db) => applications.selectSubject(db, id) },
  {
    name: "pageOfSubjects",
    ask: (db) => applications.pageOfSubjects(db, owner, {}, { ...first, limit: 10_000 }),
    grows: "the contract's list has no pages, unless it is asked for them",
  },
  { name: "pageOfSubjects", ask: (db) => applications.pageOfSubjects(db, owner, {}, behind) },
  { name: "pageOfSubjects", ask: (db) => applications.pageOfSubjects(db, owner, { externalId: id }, first) },
  { name: "pageOfSubjects", ask: (db) => applications.pageOfSubjects(db, owner, created, first), grows: aMinute },
  { name: "pageOfTags", ask: (db) => applications.pageOfTags(db, owner, {}, behind) },
  { name: "selectSubjectByExternalId", ask: (db) => applications.selectSubjectByExternalId(db, owner, id) },
  { name: "loadSubject", ask: (db) => applications.loadSubject(db, id) },
  { name: "eraseSubject", ask: (db) => applications.eraseSubject(db, id) },
  { name: "selectTag", ask: (db) => applications.selectTag(db, id, "user") },
  { name: "selectTagIdsAt", ask: (db) => applications.selectTagIdsAt(db, { name: "x" }) },
  { name: "selectTagIdsAt", ask: (db) => applications.selectTagIdsAt(db, { name: "user", appHandle: id }) },
  { name: "loadTag", ask: (db) => applications.loadTag(db, owner, "user") },
  { name: "updateTag", ask: (db) => applications.updateTag(db, id, { active: false }) },
  { name: "selectTagsAt", ask: (db) => applications.selectTagsAt(db, { name: "user" }) },
  {
    name: "partyReads",
    ask: (db) =>
      partyReads(db, { applicationId: owner, senderTag: "@user", receiverTag: `user@${owner}`, externalId: id }),
  },
  { name: "selectTagsAt", ask: (db) => applications.selectTagsAt(db, { name: "user", appHandle: id }) },
  { name: "selectTagsAt", ask: (db) => applications.selectTagsAt(db, { name: "user" }, id) },

  // Attention.
  {
    name: "clearEverywhere",
    ask: (db) => attention.clearEverywhere(db, "platform_not_ready", { atMs: 0, by: "x" }),
    walks: { attention_stands_once: "what stands is what waits for a person" },
  },
  {
    name: "clearAttention",
    ask: (db) => attention.clearAttention(db, { aggregateId: id, kinds: ["payout_held"], atMs: 0, by: "x" }),
  },
  {
    name: "clearReplacedAccounts",
    ask: (db) => attention.clearReplacedAccounts(db, { developerId: owner, email: "x" }, { atMs: 0, by: "x" }),
    walks: { attention_open: "what stands is a list for people" },
  },
  { name: "selectAttention", ask: (db) => attention.selectAttention(db, id) },
  { name: "loadConcerned", ask: (db) => attention.loadConcerned(db, id) },
  {
    name: "selectReasons",
    ask: (db) => waiting.selectReasons(db),
    grows: hundred,
    walks: { attention_open: hundred },
  },
  { name: "selectWaitingPayouts", ask: (db) => waiting.selectWaitingPayouts(db, late), grows: hundred },
  {
    name: "selectDebts",
    ask: (db) => waiting.selectDebts(db),
    grows: "all debts of experts are looked at, and the hundred largest shown",
  },
  {
    name: "selectFailingCalls",
    ask: (db) => waiting.selectFailingCalls(db, late),
    grows: "all calls that are open: what keeps failing is looked for among them",
  },
  {
    name: "selectDeadEvents",
    ask: (db) => waiting.selectDeadEvents(db),
    grows: hundred,
    walks: { stripe_events_dead: hundred },
  },
  { name: "selectDisabledEndpoints", ask: (db) => waiting.selectDisabledEndpoints(db), grows: hundred },
  {
    name: "selectFailedDeliveries",
    ask: (db) => waiting.selectFailedDeliveries(db),
    walks: { each: itself, webhook_deliveries_failed: itself },
  },
  {
    name: "selectFailedRecords",
    ask: (db) => waiting.selectFailedRecords(db),
    walks: { each: itself, transfer_webhooks_failed: itself },
  },
  {
    name: "selectFailedSettlements",
    ask: (db) => waiting.selectFailedSettlements(db),
    walks: { settlement_batches_failed: hundred },
  },
  { name: "selectLateCursors", ask: (db) => waiting.selectLateCursors(db, late, late) },
  {
    name: "waitingFor",
    ask: (db) => waitingFor(db, late),
    grows: hundred,
    walks: {
      attention_open: hundred,
      stripe_events_dead: hundred,
      each: itself,
      webhook_deliveries_failed: itself,
      transfer_webhooks_failed: itself,
      settlement_batches_failed: hundred,
    },
  },
  {
    name: "deadEventsAt",
    ask: (db) => events.deadEventsAt(db, {}, first),
    walks: { stripe_events_dead: "what is dead, no further than the page" },
  },
  { name: "deadEventsAt", ask: (db) => events.deadEventsAt(db, {}, behind) },
  { name: "settleAtOnce", ask: (db) => events.settleAtOnce(db, id, id, { processedAt: 1, dueAt: 2 }) },
  {
    name: "deadEventsAt",
    ask: (db) => events.deadEventsAt(db, { type: "x" }, first),
    grows: bounded,
    walks: { stripe_events_dead: "what is dead, no further than two thousand" },
  },

  // The write path and its keys.
  { name: "settleKey", ask: (db) => commit.settleKey(db, reservation, null) },
  { name: "reserveKey", ask: (db) => keys.reserveKey(db, { ...reservation, ...terms }) },
  { name: "takeKey", ask: (db) => keys.takeKey(db, reservation, terms, null) },
  { name: "takeKey", ask: (db) => keys.takeKey(db, reservation, terms) },
  { name: "keepKey", ask: (db) => keys.keepKey(db, reservation, terms, null) },
  { name: "findKey", ask: (db) => keys.findKey(db, reservation, terms) },
  { name: "freeKey", ask: (db) => keys.freeKey(db, reservation) },
  { name: "purgeKeys", ask: (db) => keys.purgeKeys(db, later, 3) },
  { name: "lastVersion", ask: (db) => position.lastVersion(db, id) },
  { name: "lastPosition", ask: (db) => position.lastPosition(db, id) },
  { name: "selectCursor", ask: (db) => cursors.selectCursor(db, id) },
  { name: "dropCursor", ask: (db) => cursors.dropCursor(db, id) },
  { name: "moveCursor", ask: (db) => cursors.moveCursor(db, id, 1) },
  { name: "selectMark", ask: (db) => restoreMark.selectMark(db) },
  { name: "writeMark", ask: (db) => restoreMark.writeMark(db, { restoredToMs: 1, markedAtMs: 2 }) },
  { name: "endRecovery", ask: (db) => restoreMark.endRecovery(db) },
  { name: "readHealth", ask: (db) => readHealth(db, later) },
  {
    name: "loadPublished",
    ask: (db) => told.loadPublished(db, id),
    grows: "what waits at this moment, and was told",
    walks: { attention_told: "all of it is compared with what waits" },
  },
  {
    name: "selectPublished",
    ask: (db) => told.selectPublished(db, { kind: "sweep_stopped", aggregateId: id, aboutId: id }),
  },
  {
    name: "deletePublished",
    ask: (db) => told.deletePublished(db, { kind: "sweep_stopped", aggregateId: id, aboutId: id }),
  },

  // Developers, apps, shoppers, connected accounts.
  {
    name: "identify",
    ask: (db) => developers.identify(db, { tokenHash: id, appId: id, userId: id }, 0, []),
  },
  { name: "loadDeveloper", ask: (db) => developers.loadDeveloper(db, id) },
  { name: "selectDeveloper", ask: (db) => developers.selectDeveloper(db, id) },
  { name: "selectDeveloperByEmail", ask: (db) => developers.selectDeveloperByEmail(db, id) },
  {
    name: "pageOfDevelopers",
    ask: (db) => developers.pageOfDevelopers(db, {}, first),
    walks: { developers: "by its key from the end, and no further than the page" },
  },
  { name: "selectDeveloperTokens", ask: (db) => developers.selectDeveloperTokens(db, id) },
  { name: "deleteUnusedTokens", ask: (db) => developers.deleteUnusedTokens(db, id) },
  { name: "selectApp", ask: (db) => developers.selectApp(db, id) },
  { name: "deleteEndedTokens", ask: (db) => developers.deleteEndedTokens(db, id, { nowMs: 1, keep: 2 }) },
  { name: "pageOfApps", ask: (db) => developers.pageOfApps(db, owner, {}, first) },
  { name: "endDeveloperTokens", ask: (db) => developers.endDeveloperTokens(db, id, 0, "all") },
  { name: "noteTokenUse", ask: (db) => developers.noteTokenUse(db, id, { nowMs: 0, unlessSinceMs: 0 }) },
  {
    name: "selectAppOfUser",
    ask: (db) => developers.selectAppOfUser(db, { developerId: owner, appId: id, userId: id }),
  },
  { name: "selectUserByExternalId", ask: (db) => developers.selectUserByExternalId(db, owner, id) },
  { name: "loadConnectedAccount", ask: (db) => accounts.loadConnectedAccount(db, id) },
  { name: "selectAccountState", ask: (db) => accounts.selectAccountState(db, id) },
  { name: "selectConnectedAccount", ask: (db) => accounts.selectConnectedAccount(db, id) },
  { name: "selectAccountByEmail", ask: (db) => accounts.selectAccountByEmail(db, owner, id) },
  { name: "pageOfAccounts", ask: (db) => accountLists.pageOfAccounts(db, { developerId: owner }, first) },
  { name: "pageOfAccounts", ask: (db) => accountLists.pageOfAccounts(db, { developerId: owner }, behind) },
  { name: "pageOfAccounts", ask: (db) => accountLists.pageOfAccounts(db, { developerId: owner, email: id }, behind) },
  {
    name: "pageOfAccounts",
    ask: (db) => accountLists.pageOfAccounts(db, { developerId: owner, state: "gone" }, first),
    grows: bounded,
  },
  {
    name: "noteConnectedAccount",
    ask: (db) =>
      accounts.noteConnectedAccount(db, { id, state: "ready", checkedAt: 1 } as unknown as accounts.ConnectedAccount, {
        dueAt: 1,
      }),
  },
  { name: "updateConnectedAccount", ask: (db) => accounts.updateConnectedAccount(db, id, { country: "US" }) },

  // Due rows and purges.
  { name: "selectDueCalls", ask: (db) => due.selectDueCalls(db, later, 3) },
  { name: "selectDueEvents", ask: (db) => due.selectDueEvents(db, later, 3) },
  { name: "selectDueCheckouts", ask: (db) => due.selectDueCheckouts(db, later, 3) },
  { name: "selectDueOpenCheckouts", ask: (db) => due.selectDueOpenCheckouts(db, later, 3) },
  { name: "selectDuePayouts", ask: (db) => due.selectDuePayouts(db, later, 3) },
  { name: "selectDueRefunds", ask: (db) => due.selectDueRefunds(db, later, 3) },
  { name: "selectDuePayoutAccounts", ask: (db) => due.selectDuePayoutAccounts(db, later, 3) },
  { name: "selectDueConnectedAccounts", ask: (db) => due.selectDueConnectedAccounts(db, later, 3) },
  { name: "selectDuePayments", ask: (db) => due.selectDuePayments(db, later, 3) },
  { name: "selectDueUnpaidPayments", ask: (db) => due.selectDueUnpaidPayments(db, later, 3) },
  { name: "putOffDue", ask: (db) => due.putOffDue(db, "payment", [{ key: [id], dueAt: 5 }], 0) },
  { name: "putOffDue", ask: (db) => due.putOffDue(db, "call", [{ key: [id, id], dueAt: 5 }], 0) },
  {
    name: "loadDueTransfers",
    ask: (db) => dueTransfers.loadDueTransfers(db, later, { cursor: "x", limit: 5 }),
    grows: "records that are due take turns, so all of them are looked at",
    walks: { due: "what the index of what is due has found" },
  },
  { name: "loadMoreOverdue", ask: (db) => dueTransfers.loadMoreOverdue(db, later, { reference: id, expiresAt: 5 }, 5) },
  {
    name: "selectDueDeliveries",
    ask: (db) => deliveries.selectDueDeliveries(db, later, { each: 5, all: 5 }),
    grows: "deliveries that are due take turns, so all of them are looked at",
    walks: { due: "what the index of what is due has found" },
  },
  {
    name: "selectDueTransferWebhooks",
    ask: (db) => records.selectDueTransferWebhooks(db, later, { each: 5, all: 5 }),
    grows: "records that are due take turns, so all of them are looked at",
    walks: { due: "what the index of what is due has found" },
  },
  { name: "purgeTokens", ask: (db) => tokens.purgeTokens(db, later, 3) },
  { name: "purgePayloads", ask: (db) => events.purgePayloads(db, later, 3) },
  { name: "purgeAttempts", ask: (db) => deliveries.purgeAttempts(db, later, 3) },
  { name: "purgeDeliveries", ask: (db) => deliveries.purgeDeliveries(db, later, 3) },

  // The ledger.
  { name: "ledgerBalances", ask: (db) => ledger.ledgerBalances(db), grows: proof, walks: { postings: proof } },
  {
    name: "ledgerMovements",
    ask: (db) =>
      ledger.ledgerMovements(db, { account: "commission", currency: "EUR", fromMs: 0, toMs: later, stepMs: 1_000 }),
    grows: bounded,
  },
  { name: "postedFor", ask: (db) => postings.postedFor(db, id, id) },
  {
    name: "stripeBalanceByReference",
    ask: (db) => postings.stripeBalanceByReference(db),
    grows: proof,
    walks: { postings: proof },
  },
  {
    name: "selectReconcilableAccounts",
    ask: (db) => postings.selectReconcilableAccounts(db, five),
    walks: { connected_accounts: "by its key, and no further than the page" },
  },
  {
    name: "sellerBalances",
    ask: (db) => postings.sellerBalances(db, [owner]),
    grows: proof,
    walks: { postings: proof },
  },
  { name: "selectOpening", ask: (db) => opening.selectOpening(db) },
  { name: "loadStripeFees", ask: (db) => fees.loadStripeFees(db, id) },
  {
    name: "selectFirstPayment",
    ask: (db) => fees.selectFirstPayment(db),
    walks: { payments: "its first row answers" },
  },
  {
    name: "selectFirstTestimony",
    ask: (db) => fees.selectFirstTestimony(db),
    walks: { testimonies: "its first row answers" },
  },
  { name: "loadReceivable", ask: (db) => receivables.loadReceivable(db, owner, "NGN", id) },
  {
    name: "moveReceivable",
    ask: (db) =>
      receivables.moveReceivable(db, {
        userId: id,
        payoutId: id,
        number: 0,
        kind: "repay",
        amountMinor: 1,
        currency: "NGN",
        at: 0,
      }),
  },

  // Orders, payments, methods.
  { name: "selectOrder", ask: (db) => orders.selectOrder(db, order) },
  { name: "selectOrderVersion", ask: (db) => orders.selectOrderVersion(db, order) },
  { name: "updateOrder", ask: (db) => orders.updateOrder(db, order, { updatedAt: 1 }) },
  { name: "loadPayment", ask: (db) => payments.loadPayment(db, id) },
  { name: "updatePayment", ask: (db) => payments.updatePayment(db, id, { updatedAt: 1 }) },
  {
    name: "updatePaymentRefund",
    ask: (db) => payments.updatePaymentRefund(db, { paymentId: id, id }, { failure: "x" }),
  },
  { name: "moveUpPayment", ask: (db) => payments.moveUpPayment(db, order) },
  { name: "selectPaymentsOfOrder", ask: (db) => payments.selectPaymentsOfOrder(db, order) },
  { name: "selectRefundsOfOrder", ask: (db) => payments.selectRefundsOfOrder(db, order) },
  {
    name: "selectUnpaidAsleep",
    ask: (db) => accounts.selectUnpaidAsleep(db, { id, developerId: owner }, 0, 5),
    grows: "an account goes once: an index for it would cost rows at every payment",
  },
  {
    name: "wakeUnpaid",
    ask: (db) => accounts.wakeUnpaid(db, { id, developerId: owner }, 0, 5),
  },
  {
    name: "countOpenPayments",
    ask: (db) => accounts.countOpenPayments(db, id, owner),
    grows: "an account is deleted once: an index for it would cost rows at every payment",
  },
  { name: "selectPayment", ask: (db) => paymentViews.selectPayment(db, id) },
  { name: "selectPayment", ask: (db) => paymentViews.selectPayment(db, "pi_x") },
  { name: "selectPaymentByStripeId", ask: (db) => paymentViews.selectPaymentByStripeId(db, id) },
  { name: "selectPaymentRefund", ask: (db) => paymentViews.selectPaymentRefund(db, id) },
  { name: "selectPaymentOfRefund", ask: (db) => paymentViews.selectPaymentOfRefund(db, id) },
  { name: "pageOfPayments", ask: (db) => paymentLists.pageOfPayments(db, ofApp, page), grows: total },
  { name: "pageOfPayments", ask: (db) => paymentLists.pageOfPayments(db, order, page) },
  {
    name: "pageOfPayments",
    ask: (db) => paymentLists.pageOfPayments(db, { ...ofApp, userId: id }, page),
    grows: "a shopper's are looked for among the app's: an index for it would cost a row at every payment",
  },
  { name: "paymentsByCursor", ask: (db) => paymentLists.paymentsByCursor(db, ofApp, first) },
  { name: "paymentsByCursor", ask: (db) => paymentLists.paymentsByCursor(db, ofApp, behind) },
  { name: "paymentsByCursor", ask: (db) => paymentLists.paymentsByCursor(db, order, behind) },
  {
    name: "paymentsByCursor",
    ask: (db) => paymentLists.paymentsByCursor(db, { ...ofApp, status: "canceled" }, first),
    grows: bounded,
  },
  {
    name: "paymentsByCursor",
    ask: (db) => paymentLists.paymentsByCursor(db, { ...ofApp, userId: id, accountId: id }, onwards),
    grows: bounded,
  },
  { name: "pageOfPaymentRefunds", ask: (db) => refundLists.pageOfPaymentRefunds(db, ofApp, first) },
  { name: "pageOfPaymentRefunds", ask: (db) => refundLists.pageOfPaymentRefunds(db, ofApp, behind) },
  { name: "pageOfPaymentRefunds", ask: (db) => refundLists.pageOfPaymentRefunds(db, order, behind) },
  {
    name: "pageOfPaymentRefunds",
    ask: (db) => refundLists.pageOfPaymentRefunds(db, { ...ofApp, states: ["failed"] }, first),
    grows: bounded,
  },
  { name: "pageOfPaymentDisputes", ask: (db) => disputeLists.pageOfPaymentDisputes(db, ofApp, first) },
  { name: "pageOfPaymentDisputes", ask: (db) => disputeLists.pageOfPaymentDisputes(db, ofApp, behind) },
  { name: "pageOfPaymentDisputes", ask: (db) => disputeLists.pageOfPaymentDisputes(db, order, behind) },
  {
    name: "pageOfPaymentDisputes",
    ask: (db) => disputeLists.pageOfPaymentDisputes(db, { ...ofApp, state: "won" }, first),
    grows: bounded,
  },
  { name: "selectPaymentDisputes", ask: (db) => disputeLists.selectPaymentDisputes(db, id) },
  { name: "idsOfOrder", ask: (db) => paymentFacts.idsOfOrder(db, order) },
  { name: "loadShopper", ask: (db) => methods.loadShopper(db, id) },
  { name: "pageOfPaymentMethods", ask: (db) => methods.pageOfPaymentMethods(db, owner, {}, first) },
  { name: "selectPaymentMethod", ask: (db) => methods.selectPaymentMethod(db, id) },
  { name: "selectMethodForPayment", ask: (db) => methods.selectMethodForPayment(db, { userId: id, given: id }) },
  { name: "selectMethodOwner", ask: (db) => methods.selectMethodOwner(db, id) },
  { name: "deleteCustomer", ask: (db) => methods.deleteCustomer(db, { userId: id, stripeAccountId: "" }) },
  { name: "updatePaymentMethod", ask: (db) => methods.updatePaymentMethod(db, { userId: id, id }, { brand: "x" }) },

  // Stripe's calls, events and objects.
  { name: "selectEffect", ask: (db) => effects.selectEffect(db, id, id) },
  { name: "selectCall", ask: (db) => effects.selectCall(db, id, id) },
  { name: "selectEffects", ask: (db) => effects.selectEffects(db, id) },
  {
    name: "settleEffect",
    ask: (db) => effects.settleEffect(db, asRead, { state: "done", resultId: "x" }),
  },
  {
    name: "postponeEffect",
    ask: (db) => effects.postponeEffect(db, asRead, { attempts: 1, dueAt: 1, failure: "x" }),
  },
  { name: "renewEffect", ask: (db) => effects.renewEffect(db, asRead, { generation: 1, sentAt: 1 }) },
  { name: "updateEvent", ask: (db) => events.updateEvent(db, { id, version: 1 }, { attempts: 1 }) },
  { name: "replayEvent", ask: (db) => events.replayEvent(db, id, { payload: "{}", dueAt: 1 }) },
  { name: "closeEvent", ask: (db) => events.closeEvent(db, id, { closedBy: "x", note: "x" }) },
  { name: "selectKnownEvents", ask: (db) => events.selectKnownEvents(db, [id]) },
  { name: "selectRecord", ask: (db) => selectRecord(db, id) },
  { name: "hastenEffect", ask: (db) => effects.hastenEffect(db, asRead, 1) },
  { name: "noteSending", ask: (db) => effects.noteSending(db, asRead, 1) },
  { name: "keepSearch", ask: (db) => effects.keepSearch(db, asRead, {} as never) },
  { name: "selectEvent", ask: (db) => events.selectEvent(db, id) },
  { name: "selectOwners", ask: (db) => objects.selectOwners(db, [id]) },

  // Testimonies and people.
  { name: "loadTestimony", ask: (db) => testimonies.loadTestimony(db, id) },
  { name: "testimonyReads", ask: (db) => testimonies.testimonyReads(db, id) },
  { name: "rowsOfTestimony", ask: (db) => testimonies.rowsOfTestimony(db, id) },
  { name: "updateTestimony", ask: (db) => testimonies.updateTestimony(db, id, { notes: "x" }) },
  {
    name: "updateOffer",
    ask: (db) => testimonies.updateOffer(db, { testimonyId: id, id } as testimonies.Offer, { withdrawnAt: 1 }),
  },
  { name: "addRefunded", ask: (db) => testimonies.addRefunded(db, { testimonyId: id, id }, 1) },
  { name: "updateCheckout", ask: (db) => testimonies.updateCheckout(db, { testimonyId: id, id }, { dueAt: 1 }) },
  { name: "updatePayout", ask: (db) => testimonies.updatePayout(db, { testimonyId: id, id }, { dueAt: 1 }) },
  { name: "updateRefund", ask: (db) => testimonies.updateRefund(db, { testimonyId: id, id }, { dueAt: 1 }) },
  {
    name: "ownTestimonies",
    ask: (db) => lists.ownTestimonies(db, { role: "client", userId: owner }, page),
    grows: total,
  },
  {
    name: "ownTestimonies",
    ask: (db) => lists.ownTestimonies(db, { role: "expert", userId: owner }, page),
    grows: total,
  },
  ...(["client", "expert"] as const).flatMap((role): NamedQuery[] => [
    {
      name: "ownTestimoniesByCursor",
      ask: (db) => listsByCursor.ownTestimoniesByCursor(db, { role, userId: owner }, behind),
    },
    {
      name: "ownTestimoniesByCursor",
      ask: (db) => listsByCursor.ownTestimoniesByCursor(db, { role, userId: owner, state: "accepted" }, first),
      grows: bounded,
    },
  ]),
  {
    name: "offerableByCursor",
    ask: (db) => listsByCursor.offerableByCursor(db, { regions: ["ba", "za"] }, behind),
  },
  { name: "pageOfOwnOffers", ask: (db) => ownOffers.pageOfOwnOffers(db, owner, { nowMs: 1 }, behind) },
  {
    name: "pageOfOwnOffers",
    ask: (db) => ownOffers.pageOfOwnOffers(db, owner, { state: "withdrawn", nowMs: 1 }, first),
    grows: bounded,
  },
  {
    name: "offerableTestimonies",
    ask: (db) => lists.offerableTestimonies(db, { regions: ["ba"] }, page),
    grows: total,
    walks: { testimonies_offerable: "all that wait for a first offer, and no other: the newest of several regions" },
  },
  { name: "testimonyById", ask: (db) => views.testimonyById(db, id) },
  { name: "offersOfTestimony", ask: (db) => views.offersOfTestimony(db, id) },
  { name: "readsOfOffer", ask: (db) => views.readsOfOffer(db, id) },
  { name: "readsOfSession", ask: (db) => views.readsOfSession(db, id) },
  { name: "checkoutWithOffer", ask: (db) => views.checkoutWithOffer(db, id) },
  { name: "testimonyOfSession", ask: (db) => views.testimonyOfSession(db, id) },
  { name: "peopleOf", ask: (db) => views.peopleOf(db, [], [{ expertId: id } as testimonies.Offer], []) },
  { name: "timelineOf", ask: (db) => timelineOf(db, [id]) },
  {
    name: "aggregatesNamedBy",
    ask: (db) => named.aggregatesNamedBy(db, id, 1), // an aggregate's
    grows: "the positions of one settled day, if the id could be one of them",
    walks: { recent: lookedThrough, wallets: "one for an application and a currency" },
  },
  {
    name: "aggregatesNamedBy",
    ask: (db) => named.aggregatesNamedBy(db, "TXN-1", Date.now()),
    grows: lookedThrough,
    walks: { recent: lookedThrough },
  },
  {
    name: "aggregatesNamedBy",
    ask: (db) => named.aggregatesNamedBy(db, `${id}.0`, undefined),
    walks: { recent: lookedThrough },
  },
  { name: "aggregatesNamedBy", ask: (db) => named.aggregatesNamedBy(db, `${id}.${id}`, undefined) },
  { name: "aggregatesNamedBy", ask: (db) => named.aggregatesNamedBy(db, `${id}.eur`, undefined) },
  { name: "aggregatesOfOrder", ask: (db) => named.aggregatesOfOrder(db, order) },
  { name: "pageOfNotifications", ask: (db) => notifications.pageOfNotifications(db, owner, {}, behind) },
  {
    name: "pageOfNotifications",
    ask: (db) => notifications.pageOfNotifications(db, owner, { type: "x" }, first),
    grows: bounded,
  },
  { name: "payoutAccountOf", ask: (db) => payoutAccounts.payoutAccountOf(db, id) },
  { name: "loadPayoutAccount", ask: (db) => payoutAccounts.loadPayoutAccount(db, id) },
  { name: "selectPayoutAccount", ask: (db) => payoutAccounts.selectPayoutAccount(db, id) },
  {
    name: "notePayoutAccount",
    ask: (db) =>
      payoutAccounts.notePayoutAccount(
        db,
        { userId: id, state: "ready", checkedAt: 1 } as unknown as payoutAccounts.PayoutAccount,
        { dueAt: 1 },
      ),
  },
  { name: "updatePayoutAccount", ask: (db) => payoutAccounts.updatePayoutAccount(db, id, { dueAt: 1 }) },
  { name: "wakeHeldPayouts", ask: (db) => payoutAccounts.wakeHeldPayouts(db, owner, 1) },
  { name: "authenticate", ask: (db) => tokens.authenticate(db, id, 0, []) },
  { name: "readAll", ask: (db) => readAll(db, []) },
  { name: "deleteSession", ask: (db) => tokens.deleteSession(db, id, id) },
  { name: "deleteSessions", ask: (db) => tokens.deleteSessions(db, id, { except: id }) },
  { name: "deleteOldestSessions", ask: (db) => tokens.deleteOldestSessions(db, id, 50) },
  { name: "sessionsOf", ask: (db) => tokens.sessionsOf(db, id, 0) },
  { name: "loadAccount", ask: (db) => tokens.loadAccount(db, id, 0) },
  {
    name: "noteSessionUse",
    ask: (db) => tokens.noteSessionUse(db, { userId: id, sessionId: id, network: "a" }, { nowMs: 1, unlessSinceMs: 0 }),
  },
  { name: "pageOfUsers", ask: (db) => users.pageOfUsers(db, { email: "a" }, first) },
  {
    name: "loadOpen",
    ask: (db) => deletions.loadOpen(db, { id: owner, role: "client" } as users.User),
    grows: "It looks at all testimonies of the client.",
    walks: { every: "these are the client's testimonies" },
  },
  {
    name: "loadOpen",
    ask: (db) => deletions.loadOpen(db, { id: owner, role: "expert" } as users.User),
    grows: "It looks at all offers of the expert.",
    walks: { every: "these are the expert's testimonies" },
  },
  {
    name: "eraseUser",
    ask: (db) => deletions.eraseUser(db, { id: owner, role: "client", email: "a", phone: "1" } as users.User, 1),
    walks: { every: "these are the user's testimonies" },
  },
  {
    name: "loadExport",
    ask: (db) =>
      loadExport(db, { id, role: "client" } as users.User, { caseId: "", notificationId: "", version: 0 }, 0),
  },
  {
    name: "loadExport",
    ask: (db) =>
      loadExport(db, { id, role: "expert" } as users.User, { caseId: "", notificationId: "", version: 0 }, 0),
  },
  { name: "setSuspended", ask: (db) => users.setSuspended(db, id, 1) },
  { name: "usersById", ask: (db) => users.usersById(db, [id]) },
  { name: "mailById", ask: (db) => mails.mailById(db, { userId: id, id: "verify-email" }) },
  { name: "deleteMail", ask: (db) => mails.deleteMail(db, mailRow) },
  { name: "claimMail", ask: (db) => mails.claimMail(db, mailRow, "hash", 1) },
  { name: "markMailSent", ask: (db) => mails.markMailSent(db, mailRow, 1) },
  { name: "selectDueMails", ask: (db) => mails.selectDueMails(db, later, 3) },
  { name: "purgeMails", ask: (db) => mails.purgeMails(db, later, 3) },
  { name: "ownerOfEmail", ask: (db) => mails.ownerOfEmail(db, "a@example.com") },
  {
    name: "userOfResetLink",
    ask: (db) => mails.userOfResetLink(db, { email: "a@example.com", linkHash: "hash", nowMs: 1 }),
  },
  { name: "ownerOfPhone", ask: (db) => users.ownerOfPhone(db, id) },
  { name: "notePaidPhone", ask: (db) => users.notePaidPhone(db, "+421", id) },
  { name: "credentialsOf", ask: (db) => users.credentialsOf(db, id) },
  { name: "loadUser", ask: (db) => users.loadUser(db, id) },
  {
    name: "updateUser",
    ask: (db) =>
      users.updateUser(db, { id: owner, role: "client", email: "a", phone: "1" } as users.User, {
        email: "b",
        phone: "2",
      }),
  },

  ...operatorListQueries,
  { name: "selectUnfinished", ask: (db) => selectUnfinished(db, id) },
  { name: "readUnfinished", ask: (db) => readUnfinished(db, id) },
  {
    name: "readPulse",
    ask: (db) => readPulse(db, later),
    grows: "a hundred and one of each kind at most",
    walks: {
      settlement_days: "the last one",
      webhook_deliveries_failed: "a hundred and one at most",
    },
  },
  {
    name: "search",
    ask: (db) => search(db, { text: id, email: "a@example.com", phone: "+421", tag: { name: "user" } }),
    grows: lookedThrough,
    walks: { recent: lookedThrough, wallets: "one for an application and a currency" },
  },
  { name: "hitsOf", ask: (db) => hitsOf(db, [id], `${id}.${id}`) },

  // Transfers, wallets, settlement.
  { name: "loadTransfer", ask: (db) => transfers.loadTransfer(db, id, "2030-01-01") },
  { name: "transferReads", ask: (db) => transfers.transferReads(db, id, "2030-01-01") },
  { name: "selectTransfer", ask: (db) => transfers.selectTransfer(db, id) },
  { name: "findTransfer", ask: (db) => transfers.findTransfer(db, id) },
  { name: "updateTransfer", ask: (db) => transfers.updateTransfer(db, id, { updatedAt: 1 }) },
  { name: "selectTransferByExternalId", ask: (db) => transfers.selectTransferByExternalId(db, owner, id) },
  ...(["sent", "received", "pending"] as const).map((list) => ({
    name: "pageOfTransfers",
    ask: (db: Database) => transferLists.pageOfTransfers(db, list, owner, numbered),
    grows: total,
  })),
  ...(["sent", "received", "pending"] as const).flatMap((list): NamedQuery[] => [
    { name: "transfersAt", ask: (db) => transferLists.transfersAt(db, list, owner, {}, first) },
    { name: "transfersAt", ask: (db) => transferLists.transfersAt(db, list, owner, {}, { ...behind, order: "asc" }) },
    { name: "transfersAt", ask: (db) => transferLists.transfersAt(db, list, owner, { createdAfterMs: 3 }, behind) },
    { name: "transfersAt", ask: (db) => transferLists.transfersAt(db, list, owner, { reference: rowId(7) }, first) },
    {
      name: "transfersAt",
      ask: (db) => transferLists.transfersAt(db, list, owner, { currency: "EUR", counterparty: { name: "x" } }, first),
      grows: bounded,
    },
  ]),
  {
    name: "writeTransferAttempt",
    ask: (db) => {
      const made = { atMs: 0, targetUrl: "x", error: null, state: "DELIVERED", dueAt: null } as const;
      return records.writeTransferAttempt(db, { ...record, version: 1 } as TransferWebhook, made);
    },
  },
  { name: "putOffTransferWebhook", ask: (db) => records.putOffTransferWebhook(db, record, { nowMs: 0, dueAt: 1 }) },
  { name: "reviveTransferWebhook", ask: (db) => records.reviveTransferWebhook(db, record, 1) },
  {
    name: "loadTransferDelivery",
    ask: (db) => records.loadTransferDelivery(db, { kind: "transfer", applicationId: id, ...record }, 0),
  },
  { name: "selectTransferWebhooks", ask: (db) => records.selectTransferWebhooks(db, id) },
  {
    name: "pageOfFailedTransferWebhooks",
    ask: (db) => failedRecords.pageOfFailedTransferWebhooks(db, owner, numbered),
    grows: total,
  },
  {
    name: "failedTransferWebhooksAt",
    ask: (db) => failedRecords.failedTransferWebhooksAt(db, owner, {}, first),
  },
  {
    name: "failedTransferWebhooksAt",
    ask: (db) => failedRecords.failedTransferWebhooksAt(db, owner, { createdAfterMs: 3 }, behind),
  },
  {
    name: "failedTransferWebhooksAt",
    ask: (db) => failedRecords.failedTransferWebhooksAt(db, owner, { direction: "RECEIVER" }, first),
    grows: bounded,
  },
  {
    name: "selectTransferWebhookById",
    ask: (db) => records.selectTransferWebhookById(db, owner, id, "SENDER"),
  },
  { name: "selectWallet", ask: (db) => wallets.selectWallet(db, wallet) },
  { name: "selectWallets", ask: (db) => wallets.selectWallets(db, owner) },
  { name: "walletsAt", ask: (db) => wallets.walletsAt(db, owner, behind) },
  { name: "provisionWallet", ask: (db) => wallets.provisionWallet(db, wallet, id, 0) },
  { name: "limitWallets", ask: (db) => wallets.limitWallets(db, id, null, 0) },
  { name: "pageOfEntries", ask: (db) => pageOfEntries(db, wallet, numbered) },
  {
    name: "pageOfEntries",
    ask: (db) => pageOfEntries(db, { ...wallet, type: "CREDIT" }, numbered),
    grows: "the total of what fits must be counted among all entries of the wallet",
  },
  { name: "entriesAt", ask: (db) => entriesAt(db, wallet, first) },
  { name: "entriesAt", ask: (db) => entriesAt(db, wallet, behind, 8) },
  { name: "selectEntryPlace", ask: (db) => selectEntryPlace(db, wallet, id) },
  { name: "entriesAt", ask: (db) => entriesAt(db, { ...wallet, type: "DEBIT" }, first), grows: bounded },
  {
    name: "moveMoney",
    ask: (db) => {
      const parties = { senderAppId: id, receiverAppId: owner, senderTag: "s", receiverTag: "r" };
      const what = { id, reference: id, currency: "NGN", amount: 1, narration: null };
      const transfer = { ...parties, ...what } as Transfer;
      return moveMoney(db, { transfer, atMs: 0, day: "2030-01-01" });
    },
  },
  { name: "closeDay", ask: (db) => count.closeDay(db, "2020-01-06", 0) },
  {
    name: "loadUnsettled",
    ask: (db) => count.loadUnsettled(db, "2020-01-06", "NGN"),
    grows: "every wallet may have moved: one look for each",
    walks: {
      wallets: "every wallet may have moved",
      settlement_batches: "in order, and ends at the first",
      settlement_entries: "in order, and ends at the first",
    },
  },
  {
    name: "selectLastSettled",
    ask: (db) => count.selectLastSettled(db, "NGN"),
    walks: { settlement_batches: "in order, and ends at the first" },
  },
  {
    name: "selectUncounted",
    ask: (db) => count.selectUncounted(db, "2020-01-06"),
    grows: "every wallet may have moved: one look for each",
    walks: { wallets: "every wallet may have moved" },
  },
  {
    name: "insertPositions",
    ask: (db) => count.insertPositions(db, counted),
    walks: { wallets: "every wallet may have moved", moved: "those that did" },
  },
  {
    name: "insertBatch",
    ask: (db) => count.insertBatch(db, counted),
    walks: { wallets: "every wallet may have moved" },
  },
  { name: "deleteBatch", ask: (db) => count.deleteBatch(db, counted) },
  { name: "selectSettlement", ask: (db) => settlements.selectSettlement(db, { id }) },
  {
    name: "selectLaterSettlements",
    ask: (db) => settlements.selectLaterSettlements(db, { day: "2020-01-06", currency: "NGN" }),
    grows: "the days that were settled before an earlier one: none, unless an operator settles days out of order",
  },
  { name: "selectSettlementEntries", ask: (db) => settlements.selectSettlementEntries(db, { id }, owner) },
  { name: "settlementsOfDay", ask: (db) => settlements.settlementsOfDay(db, "2020-01-06") },
  { name: "settlementsAt", ask: (db) => settlements.settlementsAt(db, {}, first, owner), walks: byDay },
  { name: "settlementsAt", ask: (db) => settlements.settlementsAt(db, { from: "2020-01-03" }, behind, owner) },
  {
    name: "settlementsAt",
    ask: (db) => settlements.settlementsAt(db, { currency: "EUR" }, first, owner),
    grows: bounded,
    walks: byDay,
  },
  {
    name: "pageOfSettlements",
    ask: (db) => settlements.pageOfSettlements(db, numbered, owner),
    grows: total,
    walks: {
      settlement_batches_by_id: "counted",
      settlement_batches: "by its key from the end, no further than the page",
      paged: "the page",
    },
  },

  // Webhooks.
  {
    name: "fanOut",
    ask: (db) => fanOut.fanOut(db, { id, aggregateId: id, sequence: 1, type: "x", audience: id, atMs: 0, dueAtMs: 0 }),
  },
  { name: "loadDelivery", ask: (db) => deliveries.loadDelivery(db, delivery, 0) },
  { name: "loadDeliveries", ask: (db) => deliveries.loadDeliveries(db, id, [id, id], 0) },
  {
    name: "endDelivery",
    ask: (db) => deliveries.endDelivery(db, { ...delivery, version: 1 } as deliveries.WebhookDelivery, ended),
  },
  { name: "replayDelivery", ask: (db) => deliveries.replayDelivery(db, delivery, 0) },
  { name: "selectLiveSecrets", ask: (db) => secrets.selectLiveSecrets(db, { ownerId: id }, 0) },
  { name: "endSecrets", ask: (db) => secrets.endSecrets(db, holder, 0, { all: true }) },
  { name: "endSecretAt", ask: (db) => secrets.endSecretAt(db, holder, "x", 0) },
  { name: "deleteEndedSecrets", ask: (db) => secrets.deleteEndedSecrets(db, holder, 0) },
  { name: "deleteUnusedSecrets", ask: (db) => secrets.deleteUnusedSecrets(db, holder) },
  {
    name: "noteSecretUse",
    ask: (db) => secrets.noteSecretUse(db, { ...holder, number: 1, secret: "x" } as secrets.Secret, 0),
  },
  {
    name: "noteHealth",
    ask: (db) =>
      endpoints.noteHealth(db, { id, url: "x", failingSince: 1, warnedAt: 1, enabled: true } as never, { warnedAt: 1 }),
  },
  {
    name: "enactHealth",
    ask: (db) =>
      endpoints.enactHealth(db, { id, url: "x", failingSince: 1, warnedAt: 1, enabled: true } as never, {
        warnedAt: 1,
      }),
  },
  {
    name: "recoverReplayed",
    ask: (db) => deliveries.recoverReplayed(db, owner, recovery),
    walks: { failed: ofOneRequest },
  },
  { name: "putOffDelivery", ask: (db) => deliveries.putOffDelivery(db, delivery, { nowMs: 0, dueAt: 1 }) },
  {
    name: "forgetDelivery",
    ask: (db) => attempts.forgetDelivery(db, { ...delivery, version: 1 } as deliveries.WebhookDelivery),
  },
  { name: "selectOwnedDelivery", ask: (db) => deliveries.selectOwnedDelivery(db, delivery) },
  {
    name: "selectEventOf",
    ask: (db) => deliveries.selectEventOf(db, { aggregateId: id, sequence: 1 } as deliveries.WebhookDelivery),
  },
  { name: "pageOfDeliveries", ask: (db) => deliveries.pageOfDeliveries(db, owner, {}, first) },
  { name: "pageOfDeliveries", ask: (db) => deliveries.pageOfDeliveries(db, owner, {}, behind) },
  { name: "pageOfDeliveries", ask: (db) => deliveries.pageOfDeliveries(db, owner, { state: "failed" }, first) },
  {
    name: "pageOfDeliveries",
    ask: (db) => deliveries.pageOfDeliveries(db, owner, created, first),
    grows: aMinute,
  },
  {
    name: "pageOfDeliveries",
    ask: (db) => deliveries.pageOfDeliveries(db, owner, { state: "delivered", type: id }, first),
    grows: bounded,
  },
  {
    name: "writeAccepted",
    walks: { made: "the attempts that it is given" },
    ask: (db) =>
      attempts.writeAccepted(
        db,
        id,
        [
          {
            read: { ...delivery, version: 1 } as deliveries.WebhookDelivery,
            at: 0,
            durationMs: 0,
            status: 204,
            excerpt: null,
          },
        ],
        0,
      ),
  },
  { name: "selectAttempts", ask: (db) => attempts.selectAttempts(db, delivery) },
  { name: "selectFailed", ask: (db) => deliveries.selectFailed(db, owner, recovery) },
  {
    name: "recoverFailed",
    ask: (db) => deliveries.recoverFailed(db, owner, recovery),
    walks: { failed: ofOneRequest },
  },
  { name: "eraseEvent", ask: (db) => deliveries.eraseEvent(db, { aggregateId: id, sequence: 1 }, 0) },
  { name: "selectEndpointById", ask: (db) => endpoints.selectEndpointById(db, id) },
  { name: "selectEndpoint", ask: (db) => endpoints.selectEndpoint(db, id, id) },
  { name: "pageOfEndpoints", ask: (db) => endpoints.pageOfEndpoints(db, id, { type: "x", enabled: true }, behind) },
  { name: "loadEndpoint", ask: (db) => endpoints.loadEndpoint(db, id, id, 0) },
  { name: "updateEndpoint", ask: (db) => endpoints.updateEndpoint(db, id, { url: "x" }) },
  { name: "deleteEndpoint", ask: (db) => endpoints.deleteEndpoint(db, id) },
];
