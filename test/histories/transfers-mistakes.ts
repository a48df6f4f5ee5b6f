import type { Mistake } from "./mistakes.ts";

const migration = "migrations/0000_accord.sql";
const guards = "test/histories/transfers-guards.test.ts";
const resolve = "src/operations/transfers/resolve-transfer.ts";
const settle = "src/operations/transfers/settle-day.ts";
const machine = "src/domain/transfers/transfer.ts";
const delivery = "src/webhooks/deliver-transfer.ts";

/** Possible mistakes with transfers, planted like those in mistakes.ts. */
export const transfersMistakes: readonly Mistake[] = [
  {
    name: "two answers to a transfer are both the first",
    edits: [
      {
        file: "migrations/0000_accord.sql",
        find: "PRIMARY KEY(`aggregate_id`, `version`)\n",
        replace: "PRIMARY KEY(`aggregate_id`, `version`, `change_id`)\n",
      },
    ],
    tests: ["test/operations/transfers/races.test.ts"],
  },
  {
    name: "whoever loses a race for a transfer gets an error",
    edits: [
      {
        file: "src/operations/operations.ts",
        find: "      if (!conflict) throw error;\n",
        replace: "      if (error !== undefined || !conflict) throw error;\n",
      },
    ],
    tests: ["test/operations/transfers/races.test.ts"],
  },
  {
    name: "a transfer is accepted when its time is over",
    edits: [
      {
        file: resolve,
        find: `return isOver(transfer, atMs) ? refuse("transfer_expired") : success({ aggregate, atMs });`,
        replace: "return success({ aggregate, atMs });",
      },
    ],
    tests: ["test/operations/transfers/lifecycle.test.ts"],
  },
  {
    name: "the end of a window is inside it",
    edits: [{ file: machine, find: "return atMs >= expiresAt;", replace: "return atMs > expiresAt;" }],
    tests: ["test/domain/transfers/transfer.test.ts"],
  },
  {
    name: "a rejected transfer can be accepted",
    edits: [
      {
        file: machine,
        find: `from: ["AWAITING_ACCEPTANCE"],\n    to: "COMPLETED",`,
        replace: `from: ["AWAITING_ACCEPTANCE", "REJECTED"],\n    to: "COMPLETED",`,
      },
    ],
    tests: ["test/domain/transfers/transfer.test.ts"],
  },
  {
    name: "a cancelled transfer can be accepted",
    edits: [
      {
        file: machine,
        find: `from: ["AWAITING_ACCEPTANCE"],\n    to: "COMPLETED",`,
        replace: `from: ["AWAITING_ACCEPTANCE", "CANCELLED"],\n    to: "COMPLETED",`,
      },
    ],
    tests: ["test/domain/transfers/transfer.test.ts"],
  },
  {
    name: "the receiver is not told that a transfer was taken back",
    edits: [
      {
        file: machine,
        find: `effects: ["notify-receiver", "notify-sender"],`,
        replace: `effects: ["notify-sender"],`,
      },
    ],
    tests: ["test/domain/transfers/transfer.test.ts"],
  },
  {
    name: "a rejection moves the money",
    edits: [
      {
        file: machine,
        find: `to: "REJECTED", effects: ["notify-sender"] },`,
        replace: `to: "REJECTED", effects: ["move-money", "notify-sender"] },`,
      },
    ],
    tests: ["test/domain/transfers/transfer.test.ts"],
  },
  {
    name: "the sender accepts its own transfer, and the receiver takes it back",
    edits: [
      {
        file: resolve,
        find: "if (applicationId !== { sender: transfer.senderAppId, receiver: transfer.receiverAppId }[party]) {",
        replace: "if (!audience.includes(applicationId)) {",
      },
    ],
    tests: ["test/operations/transfers/lifecycle.test.ts"],
  },
  {
    name: "nobody's debits are limited",
    edits: [
      {
        file: migration,
        find: `CHECK("wallets"."debit_limit" is null or "wallets"."balance" >= -"wallets"."debit_limit")`,
        replace: `CHECK("wallets"."debit_limit" is null or "wallets"."debit_limit" >= 0)`,
      },
    ],
    tests: [guards],
  },
  {
    name: "a new wallet has no limit",
    edits: [
      {
        file: "src/db/transfers/wallets.ts",
        find: "debitLimit: applications.debitLimit,",
        replace: "debitLimit: sql`null`.as(`debit_limit`),",
      },
    ],
    tests: ["test/operations/transfers/applications.test.ts", "test/operations/transfers/lifecycle.test.ts"],
  },
  {
    name: "money within an application goes out before it comes in",
    edits: [
      {
        file: "src/db/transfers/wallet-movement.ts",
        find: "return transfer.senderAppId === transfer.receiverAppId ? moveWithin(db, filled) : moveAcross(db, filled);",
        replace: "return moveAcross(db, filled);",
      },
    ],
    tests: ["test/operations/transfers/lifecycle.test.ts"],
  },
  {
    name: "a wallet's entries can be rewritten",
    edits: [
      {
        file: migration,
        find: "BEFORE UPDATE ON `wallet_entries` BEGIN",
        replace: "BEFORE UPDATE ON `wallet_entries` WHEN 0 BEGIN",
      },
    ],
    tests: [guards],
  },
  {
    name: "a closed day takes more entries",
    edits: [{ file: migration, find: "WHERE `day` >= NEW.`day`)", replace: "WHERE `day` > NEW.`day`)" }],
    tests: [guards],
  },
  {
    name: "a day is counted without being closed",
    edits: [
      {
        file: settle,
        find: "  await write(deps.db, [closeDay(deps.db, day, deps.nowMs())]);",
        replace: "  await write(deps.db, [closeDay(deps.db, day, deps.nowMs())].slice(1));",
      },
    ],
    tests: ["test/operations/transfers/settlement.test.ts"],
  },
  {
    name: "an acceptance that would fall into a closed day fails",
    edits: [
      {
        file: resolve,
        find: "return closedDay === null ? nowMs : Math.max(nowMs, startOf(dayAfter(closedDay)));",
        replace: "return closedDay === null ? nowMs : Math.max(nowMs, startOf(closedDay));",
      },
    ],
    tests: ["test/operations/transfers/settlement.test.ts"],
  },
  {
    name: "an entry belongs to the day of the initiation",
    edits: [{ file: resolve, find: "day: dayOf(atMs) }", replace: "day: dayOf(transfer.createdAt) }" }],
    tests: [guards],
  },
  {
    name: "a position opens at zero every day",
    edits: [
      {
        file: "src/db/transfers/count-settlement.ts",
        find: "settlementEntries.closingBalance)}, 0) as opening,",
        replace: "settlementEntries.closingBalance)} * 0, 0) as opening,",
      },
    ],
    tests: ["test/operations/transfers/settlement.test.ts"],
  },
  {
    name: "only the default currency is settled",
    edits: [
      {
        file: settle,
        find: "uncounted.filter(({ currency }) => currency !== defaultCurrency);",
        replace: `uncounted.filter(({ currency }) => currency === "");`,
      },
    ],
    tests: ["test/operations/transfers/settlement.test.ts"],
  },
  {
    name: "anybody may settle a day",
    edits: [
      { file: "src/http/transfers/settle-day.ts", find: `access: "administrator",`, replace: `access: "application",` },
    ],
    tests: ["test/http/transfers/settlement.test.ts"],
  },
  {
    name: "the receiver's record is not written with the transfer",
    edits: [
      {
        file: "src/operations/transfers/initiate-transfer.ts",
        find: "        ...webhooks.map((webhook) => insertTransferWebhook(deps.db, webhook)),\n",
        replace: "",
      },
    ],
    tests: ["test/webhooks/transfers.test.ts"],
  },
  {
    name: "the sender is not told of an expiry",
    edits: [
      { file: machine, find: `to: "EXPIRED", effects: ["notify-sender"] },`, replace: `to: "EXPIRED", effects: [] },` },
    ],
    tests: ["test/domain/transfers/transfer.test.ts"],
  },
  {
    name: "a message that was lost is never made up for",
    edits: [
      {
        file: "src/db/transfers/webhook-records.ts",
        find: ".where(lte(transferWebhooks.dueAt, nowMs))",
        replace: ".where(lte(transferWebhooks.dueAt, nowMs - nowMs))",
      },
    ],
    tests: [guards],
  },
  {
    name: "the receiver hears of an initiation what came later",
    edits: [
      {
        file: "src/webhooks/transfer-body.ts",
        find: `eventType === "TRANSACTION_INITIATED" ? asInitiated(transfer) : transfer;`,
        replace: `eventType === "TRANSACTION_INITIATED" ? asInitiated(transfer) && transfer : transfer;`,
      },
    ],
    tests: [guards],
  },
  {
    name: "attempts are never used up",
    edits: [
      {
        file: delivery,
        find: "const attempts = record.attempts + 1;",
        replace: "const attempts = Math.min(record.attempts + 1, 2);",
      },
    ],
    tests: ["test/webhooks/transfers.test.ts"],
  },
  {
    name: "the signature is over what was encrypted",
    edits: [
      {
        file: delivery,
        find: "signTransfer({ recordId, eventType, timestampSeconds, body }, keys)",
        replace: "signTransfer({ recordId, eventType, timestampSeconds, body: plain }, keys)",
      },
    ],
    tests: ["test/webhooks/transfers.test.ts"],
  },
  {
    name: "an amount goes through a float",
    edits: [
      {
        file: "src/domain/transfers/transfer-amount.ts",
        find: `const amount = BigInt(significant + "0".repeat(shift));`,
        replace: "const amount = BigInt(Math.floor(Number(text) * 10 ** scale));",
      },
    ],
    tests: ["test/domain/transfers/transfer-amount.test.ts"],
  },
  {
    name: "the end of a transfer is the sender's event alone",
    edits: [
      {
        file: "src/db/transfers/transfers.ts",
        find: "audience: [transfer.senderAppId, transfer.receiverAppId],",
        replace: "audience: [transfer.senderAppId],",
      },
    ],
    tests: ["test/webhooks/transfer-events.test.ts"],
  },
  {
    name: "a day is told to be settled although its books are wrong",
    edits: [
      {
        file: "src/db/transfers/count-settlement.ts",
        find: "and status = 'COMPLETED')",
        replace: "and status <> 'PENDING')",
      },
    ],
    tests: ["test/webhooks/transfer-events.test.ts"],
  },
  {
    name: "one party erases what both have heard",
    edits: [
      {
        file: "src/operations/webhooks/deliveries.ts",
        find: '  if (isShared(event.type)) return refuse("event_shared");\n',
        replace: "",
      },
    ],
    tests: ["test/webhooks/transfer-events.test.ts"],
  },
  {
    name: "a webhook record that was delivered is told again",
    edits: [
      {
        file: "src/db/transfers/webhook-records.ts",
        find: `.where(and(isRecord(key), eq(transferWebhooks.state, "FAILED")))`,
        replace: ".where(isRecord(key))",
      },
    ],
    tests: ["test/webhooks/transfers.test.ts"],
  },
];
