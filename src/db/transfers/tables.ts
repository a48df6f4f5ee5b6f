import { sql } from "drizzle-orm";
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { messageTypes } from "../../domain/transfers/message";
import { transferStates } from "../../domain/transfers/transfer";
import { constraints } from "../constraints";
import { creditedOf, debitedOf, difference, isGrownTotal } from "../grown-total";

/*
 * The tables of the transfers contract. They share one shard, because both sides of a transfer move in one batch.
 * Amounts are integers of scale 4. Conventions as in schema.ts.
 */

const balanceMax = sql.raw("9007199254740991"); // 2^53 − 1: the largest that JSON, D1 and JavaScript all hold exactly

/**
 * The net position of an application in one currency. It changes by relative update only, with its entries in the same
 * batch.
 */
export const wallets = sqliteTable(
  "wallets",
  {
    applicationId: text("application_id").notNull(),
    currency: text("currency").notNull(),
    id: text("id").notNull(),
    balance: integer("balance").notNull(),
    /** The totals of all debits and credits, as in grown-total.ts: they have no upper limit. */
    totalDebitedHigh: integer("total_debited_high").notNull(),
    totalDebitedLow: integer("total_debited_low").notNull(),
    totalCreditedHigh: integer("total_credited_high").notNull(),
    totalCreditedLow: integer("total_credited_low").notNull(),
    debitLimit: integer("debit_limit"),
    /** The number of the last entry: the chain has no gaps. */
    sequence: integer("sequence").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.applicationId, t.currency] }),
    check("wallets_balance", sql`${t.balance} = ${difference(creditedOf(t), debitedOf(t))}`),
    check("wallets_balance_limit", sql`${t.balance} between -${balanceMax} and ${balanceMax}`),
    check("wallets_debit_limit", sql`${t.debitLimit} is null or ${t.balance} >= -${t.debitLimit}`),
    check("wallets_total_debited", isGrownTotal(debitedOf(t))),
    check("wallets_total_credited", isGrownTotal(creditedOf(t))),
  ]),
);

/** One side of a completed transfer. Immutable by trigger; its day must be open (trigger). Kept for ever. */
export const walletEntries = sqliteTable(
  "wallet_entries",
  {
    applicationId: text("application_id").notNull(),
    currency: text("currency").notNull(),
    sequence: integer("sequence").notNull(),
    id: text("id").notNull(),
    transferId: text("transfer_id").notNull(),
    reference: text("reference").notNull(),
    type: text("type", { enum: ["DEBIT", "CREDIT"] }).notNull(),
    amount: integer("amount").notNull(),
    openingBalance: integer("opening_balance").notNull(),
    closingBalance: integer("closing_balance").notNull(),
    counterpartyTag: text("counterparty_tag").notNull(),
    narration: text("narration"),
    /** The UTC day of the acceptance, "2026-11-20", by which settlement counts. */
    day: text("day").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.applicationId, t.currency, t.sequence] }),
    check("wallet_entries_amount", sql`${t.amount} > 0`),
    check(
      "wallet_entries_chain",
      sql`${t.closingBalance} = ${t.openingBalance} + case ${t.type} when 'CREDIT' then ${t.amount} else -${t.amount} end`,
    ),
  ]),
);

/** A transfer from one tag to another. It is known by its reference everywhere. Aggregate: the transfer's id. */
export const transfers = sqliteTable(
  "transfers",
  {
    reference: text("reference").primaryKey(),
    id: text("id").notNull(),
    state: text("state", { enum: transferStates }).notNull(),
    senderAppId: text("sender_app_id").notNull(),
    receiverAppId: text("receiver_app_id").notNull(),
    senderTagId: text("sender_tag_id").notNull(),
    receiverTagId: text("receiver_tag_id").notNull(),
    /** The tags as they were written in the request. */
    senderTag: text("sender_tag").notNull(),
    receiverTag: text("receiver_tag").notNull(),
    senderAppName: text("sender_app_name").notNull(),
    receiverAppName: text("receiver_app_name").notNull(),
    amount: integer("amount").notNull(),
    currency: text("currency").notNull(),
    narration: text("narration"),
    callbackUrl: text("callback_url"),
    expiresAt: integer("expires_at").notNull(),
    acceptedAt: integer("accepted_at"),
    rejectedAt: integer("rejected_at"),
    rejectionReason: text("rejection_reason"),
    cancelledAt: integer("cancelled_at"),
    /** The sender's own name for it and its own members, which only the sender sees. */
    externalId: text("external_id"),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, unknown>>(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  constraints((t) => [
    uniqueIndex("transfers_by_external_id").on(t.senderAppId, t.externalId).where(sql`external_id is not null`),
    index("transfers_sent").on(t.senderAppId, t.createdAt, t.reference),
    index("transfers_received").on(t.receiverAppId, t.createdAt, t.reference),
    index("transfers_pending").on(t.receiverAppId, t.createdAt, t.reference).where(sql`state = 'AWAITING_ACCEPTANCE'`),
    index("transfers_expiring").on(t.expiresAt).where(sql`state = 'AWAITING_ACCEPTANCE'`),
  ]),
);

/** Records of the deliveries about a transfer, in this contract's own form: one for each side and event. Kept with it. */
export const transferWebhooks = sqliteTable(
  "transfer_webhooks",
  {
    reference: text("reference").notNull(),
    direction: text("direction", { enum: ["RECEIVER", "SENDER"] }).notNull(),
    id: text("id").notNull(),
    transferId: text("transfer_id").notNull(),
    applicationId: text("application_id").notNull(),
    applicationName: text("application_name").notNull(),
    /** The target. A receiver's is its application's address at the last attempt. */
    targetUrl: text("target_url").notNull(),
    eventType: text("event_type", {
      enum: messageTypes,
    }).notNull(),
    state: text("state", { enum: ["PENDING", "DELIVERED", "FAILED"] }).notNull(),
    /** The number of its changes: an attempt that began before the last of them does not overwrite it. */
    version: integer("version").notNull().default(1),
    attempts: integer("attempts").notNull(),
    lastError: text("last_error"),
    lastAttemptAt: integer("last_attempt_at"),
    deliveredAt: integer("delivered_at"),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.reference, t.direction, t.eventType] }),
    index("transfer_webhooks_due").on(t.dueAt).where(sql`due_at is not null`),
    index("transfer_webhooks_failed").on(t.applicationId, t.createdAt, t.reference).where(sql`state = 'FAILED'`),
  ]),
);

/** Closed days; each closes every day before it, too: no completed transfer may fall into them (by trigger). */
export const settlementDays = sqliteTable("settlement_days", {
  day: text("day").primaryKey(),
  closedAt: integer("closed_at").notNull(),
});

/** The net positions of one day in one currency. Aggregate: the batch's id. Kept for ever. */
export const settlementBatches = sqliteTable(
  "settlement_batches",
  {
    day: text("day").notNull(),
    currency: text("currency").notNull(),
    id: text("id").notNull(),
    status: text("status", { enum: ["PENDING", "PROCESSING", "COMPLETED", "FAILED"] }).notNull(),
    totalCreditedHigh: integer("total_credited_high").notNull(),
    totalCreditedLow: integer("total_credited_low").notNull(),
    totalDebitedHigh: integer("total_debited_high").notNull(),
    totalDebitedLow: integer("total_debited_low").notNull(),
    transactionCount: integer("transaction_count").notNull(),
    applicationCount: integer("application_count").notNull(),
    errorMessage: text("error_message"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.day, t.currency] }),
    uniqueIndex("settlement_batches_by_id").on(t.id),
    index("settlement_batches_failed").on(t.createdAt).where(sql`status = 'FAILED'`),
  ]),
);

/** One application's position in a batch. Kept for ever, because the next one opens where it closed. */
export const settlementEntries = sqliteTable(
  "settlement_entries",
  {
    day: text("day").notNull(),
    currency: text("currency").notNull(),
    applicationId: text("application_id").notNull(),
    id: text("id").notNull(),
    applicationName: text("application_name").notNull(),
    walletId: text("wallet_id").notNull(),
    totalCreditedHigh: integer("total_credited_high").notNull(),
    totalCreditedLow: integer("total_credited_low").notNull(),
    totalDebitedHigh: integer("total_debited_high").notNull(),
    totalDebitedLow: integer("total_debited_low").notNull(),
    netAmount: integer("net_amount").notNull(),
    openingBalance: integer("opening_balance").notNull(),
    closingBalance: integer("closing_balance").notNull(),
    transactionCount: integer("transaction_count").notNull(),
    /** The wallet's last entry before the first of a later day: up to here everything is counted for good. */
    lastSequence: integer("last_sequence").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    primaryKey({ columns: [t.day, t.currency, t.applicationId] }),
    index("settlement_entries_of_wallet").on(t.applicationId, t.currency, t.day),
    check("settlement_entries_net", sql`${t.netAmount} = ${difference(creditedOf(t), debitedOf(t))}`),
    check("settlement_entries_chain", sql`${t.closingBalance} = ${t.openingBalance} + ${t.netAmount}`),
  ]),
);
