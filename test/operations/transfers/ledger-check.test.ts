import { env, exports } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { transferInvariants } from "../../../src/db/transfers/invariants";
import { dayOf } from "../../../src/domain/transfers/day";
import { Journey } from "../../journey";
import { accepted, initiated, makeTenant, must, wired } from "../../tenant";
import { change, dropGuards, snapshot } from "../lie";
import { rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));
const callbackUrl = "http://localhost:8787/sandbox/inbox/sender";
const dayMs = 24 * 60 * 60 * 1000;

const oneEntry = "sequence = 1 and type = 'DEBIT' and currency = 'NGN'";
const onePosition = "day = (select min(day) from settlement_entries) and net_amount > 0 and currency = 'NGN'";

/** For each invariant, the smallest wrong change that must be found; none of them breaks a CHECK. */
const lies: Record<string, [table: string, statement: string]> = {
  completed_transfers_have_two_equal_sides: change("transfers", "state = 'REJECTED'", "state = 'COMPLETED'"),
  entries_are_of_a_transfer_and_its_day: change("wallet_entries", "day = '2030-01-01'", oneEntry),
  transfers_are_as_their_journal_says: change("transfers", "amount = amount + 1", "state = 'AWAITING_ACCEPTANCE'"),
  transfers_are_resolved_once: [
    "journal",
    `insert into journal select aggregate_id, 3, change_id, tenant, name, actor, at, request_id, data
     from journal where name = 'reject-transfer'`,
  ],
  initiated_transfers_are_there: ["transfers", "delete from transfers where state = 'AWAITING_ACCEPTANCE'"],
  ended_transfers_tell_their_sender: ["transfer_webhooks", "delete from transfer_webhooks"],
  waiting_records_are_due: change("transfer_webhooks", "due_at = null"),
  wallets_equal_their_entries: change(
    "wallets",
    "total_credited_low = total_credited_low + 1, total_debited_low = total_debited_low + 1",
  ),
  wallet_chains_have_no_gaps: change(
    "wallet_entries",
    "opening_balance = opening_balance + 1, closing_balance = closing_balance + 1",
    oneEntry,
  ),
  wallets_have_the_limit_of_their_application: change("wallets", "debit_limit = 900719925474"),
  wallets_sum_to_zero: change(
    "wallets",
    "balance = balance + 1, total_credited_low = total_credited_low + 1",
    "balance > 0",
  ),
  settled_days_are_counted_whole: ["settlement_batches", "delete from settlement_batches where currency = 'USD'"],
  settled_days_are_closed: ["settlement_days", "delete from settlement_days"],
  batches_equal_the_ledger: change("settlement_batches", "transaction_count = transaction_count + 1"),
  batches_equal_their_positions: change(
    "settlement_entries",
    "total_credited_low = total_credited_low + 1, net_amount = net_amount + 1, closing_balance = closing_balance + 1",
    onePosition,
  ),
  positions_equal_the_ledger: change("settlement_entries", "transaction_count = 7", onePosition),
  positions_open_where_the_last_closed: change(
    "settlement_entries",
    "opening_balance = opening_balance + 1, closing_balance = closing_balance + 1",
    onePosition,
  ),
  positions_end_before_the_next_day: change("settlement_entries", "last_sequence = last_sequence + 1", onePosition),
};

/** Makes two settled days in two currencies, a transfer within one application, and transfers that moved nothing. */
beforeAll(async () => {
  await journey.reset();
  let nowMs = Date.now() - 10 * dayMs;
  const deps = { ...(await wired(() => nowMs)), enqueueDeliveries: async () => undefined };
  const [sender, receiver] = [await makeTenant(deps), await makeTenant(deps)];
  for (const currency of ["NGN", "USD", "NGN"]) {
    await accepted(deps, receiver, await initiated(deps, sender, receiver, { currency, callbackUrl }));
    nowMs += dayMs;
  }
  await must(deps, { name: "settle-day", input: { day: dayOf(nowMs - dayMs), by: "clock" } });
  await accepted(deps, receiver, await initiated(deps, sender, receiver));
  const { reference } = await initiated(deps, sender, receiver);
  await must(deps, { name: "reject-transfer", input: { applicationId: receiver.id, reference, reason: null } });
  const takenBack = await initiated(deps, sender, receiver, { callbackUrl });
  await must(deps, { name: "cancel-transfer", input: { applicationId: sender.id, reference: takenBack.reference } });
  await initiated(deps, sender, receiver);
  putGuardsBack = await dropGuards();
});

let putGuardsBack: () => Promise<unknown>;
afterAll(() => putGuardsBack());

it("finds nothing in order books, and names every invariant", async () => {
  expect(Object.keys(lies).sort()).toEqual(Object.keys(transferInvariants).sort());
  const { ok, invariants } = await journey.ledgerCheck();
  expect(invariants.filter((invariant) => !invariant.ok)).toEqual([]);
  expect(ok).toBe(true);
  expect(invariants.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(lies)));
});

it.each(Object.entries(lies))("finds a violation of %s", async (name, [table, statement]) => {
  const restore = await snapshot(table);
  const { meta } = await env.DB.prepare(statement).run();
  expect(meta.changes).toBeGreaterThan(0);
  const { ok, invariants } = await journey.ledgerCheck();
  await restore();
  expect(ok).toBe(false);
  expect(invariants.find((invariant) => invariant.name === name)?.violations.length).toBeGreaterThan(0);
  expect(await journey.ledgerCheck()).toMatchObject({ ok: true });
});

it.each([
  [
    "a side that is missing",
    "wallet_entries",
    "delete from wallet_entries where type = 'CREDIT'",
    "completed_transfers_have_two_equal_sides",
  ],
  [
    "a side of another transfer",
    "wallet_entries",
    "update wallet_entries set transfer_id = 'x'",
    "entries_are_of_a_transfer_and_its_day",
  ],
  [
    "a side of another moment",
    "wallet_entries",
    `update wallet_entries set created_at = created_at + 1 where ${oneEntry}`,
    "entries_are_of_a_transfer_and_its_day",
  ],
  [
    "a chain that begins late",
    "wallet_entries",
    "delete from wallet_entries where sequence = 1",
    "wallet_chains_have_no_gaps",
  ],
  ...[
    ["a rejected transfer that waits again", "state = 'AWAITING_ACCEPTANCE'", "REJECTED"],
    ["a waiting transfer that is over", "state = 'EXPIRED'", "AWAITING_ACCEPTANCE"],
    ["a state that there is not", "state = 'FAILED'", "AWAITING_ACCEPTANCE"],
    ["a cancelled transfer that was rejected", "state = 'REJECTED', rejected_at = cancelled_at", "CANCELLED"],
    ["a cancelled transfer without a moment", "cancelled_at = null", "CANCELLED"],
    ["a waiting transfer of somebody else", "sender_app_id = receiver_app_id", "AWAITING_ACCEPTANCE"],
    ["a rejected transfer that was accepted", "accepted_at = updated_at", "REJECTED"],
  ].map(([what, set, state]) => [
    what,
    "transfers",
    `update transfers set ${set} where state = '${state}'`,
    "transfers_are_as_their_journal_says",
  ]),
  [
    "a sender who was told something else",
    "transfer_webhooks",
    "update transfer_webhooks set event_type = 'TRANSACTION_EXPIRED'",
    "ended_transfers_tell_their_sender",
  ],
  [
    "a batch that failed",
    "settlement_batches",
    "update settlement_batches set status = 'FAILED'",
    "batches_equal_the_ledger",
  ],
  [
    "a position of another wallet",
    "settlement_entries",
    "update settlement_entries set wallet_id = 'x'",
    "positions_equal_the_ledger",
  ],
  [
    "a position that waits for entries to come",
    "settlement_entries",
    "update settlement_entries set last_sequence = last_sequence + 1000",
    "positions_end_before_the_next_day",
  ],
])("names %s", async (_, table = "", statement = "", name = "") => {
  const restore = await snapshot(table);
  await rows(statement);
  const { invariants } = await journey.ledgerCheck();
  await restore();
  expect(invariants.find((invariant) => invariant.name === name)?.ok).toBe(false);
});
