import { env, exports } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { transferInvariants } from "../../src/db/transfer-invariants";
import { dayOf } from "../../src/domain/day";
import { Journey } from "../journey";
import { accepted, initiated, makeTenant, must, wired } from "../tenant";
import { change, dropGuards, snapshot } from "./lie";
import { rows } from "./rows";

const journey = new Journey((request) => exports.default.fetch(request));
const dayMs = 24 * 60 * 60 * 1000;

const oneEntry = "sequence = 1 and type = 'DEBIT' and currency = 'NGN'";
const onePosition = "day = (select min(day) from settlement_entries) and net_amount > 0 and currency = 'NGN'";

/** For each invariant, the smallest lie that must be found; none of them breaks a CHECK. */
const lies: Record<string, [table: string, statement: string]> = {
  completed_transfers_have_two_equal_sides: change("transfers", "state = 'REJECTED'", "state = 'COMPLETED'"),
  entries_are_of_a_transfer_and_its_day: change("wallet_entries", "day = '2030-01-01'", oneEntry),
  wallets_equal_their_entries: change(
    "wallets",
    "total_credited = total_credited + 1, total_debited = total_debited + 1",
  ),
  wallet_chains_have_no_gaps: change(
    "wallet_entries",
    "opening_balance = opening_balance + 1, closing_balance = closing_balance + 1",
    oneEntry,
  ),
  wallets_sum_to_zero: change("wallets", "balance = balance + 1, total_credited = total_credited + 1", "balance > 0"),
  settled_days_are_counted_whole: ["settlement_batches", "delete from settlement_batches where currency = 'USD'"],
  batches_equal_the_ledger: change("settlement_batches", "transaction_count = transaction_count + 1"),
  batches_equal_their_positions: change(
    "settlement_entries",
    "total_credited = total_credited + 1, net_amount = net_amount + 1, closing_balance = closing_balance + 1",
    onePosition,
  ),
  positions_equal_the_ledger: change("settlement_entries", "transaction_count = 7", onePosition),
  positions_open_where_the_last_closed: change(
    "settlement_entries",
    "opening_balance = opening_balance + 1, closing_balance = closing_balance + 1",
    onePosition,
  ),
};

/** Two settled days in two currencies, a transfer within one application, and what never moved anything. */
beforeAll(async () => {
  await journey.reset();
  let nowMs = Date.now() - 10 * dayMs;
  const deps = await wired(() => nowMs);
  const [sender, receiver] = [await makeTenant(deps), await makeTenant(deps)];
  for (const currency of ["NGN", "USD", "NGN"]) {
    await accepted(deps, receiver, await initiated(deps, sender, receiver, { currency }));
    nowMs += dayMs;
  }
  await must(deps, { name: "settle-day", input: { day: dayOf(nowMs - dayMs), by: "clock" } });
  await accepted(deps, receiver, await initiated(deps, sender, receiver));
  const { reference } = await initiated(deps, sender, receiver);
  await must(deps, { name: "reject-transfer", input: { applicationId: receiver.id, reference, reason: null } });
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
    "delete from wallet_entries where type = 'CREDIT'",
    "completed_transfers_have_two_equal_sides",
  ],
  [
    "a side of another transfer",
    "update wallet_entries set transfer_id = 'x'",
    "entries_are_of_a_transfer_and_its_day",
  ],
  ["a chain that begins late", "delete from wallet_entries where sequence = 1", "wallet_chains_have_no_gaps"],
])("names %s", async (_, statement, name) => {
  const restore = await snapshot("wallet_entries");
  await rows(statement);
  const { invariants } = await journey.ledgerCheck();
  await restore();
  expect(invariants.find((invariant) => invariant.name === name)?.ok).toBe(false);
});
