import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { PaidSession } from "../../journey";
import { journey } from "../checked";

/** Each mistake is planted in the rows, and the proof must name it. */

let session: PaidSession;
beforeEach(async () => {
  await journey.reset();
  session = await journey.paidOffer();
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(10);
});

async function violated(): Promise<string[]> {
  const { ok, invariants } = await journey.ledgerCheck();
  const names = invariants.filter((invariant) => !invariant.ok).map(({ name }) => name);
  expect(ok).toBe(names.length === 0);
  return names;
}

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();
const post = (account: string, amountMinor: number, line: number, version = 1) =>
  run(
    "insert into postings (aggregate_id, version, line, tenant, account, currency, amount_minor, at) values (?, ?, ?, 't', ?, 'eur', ?, 0)",
    session.testimonyId,
    version,
    line,
    account,
    amountMinor,
  );

it("holds over an accepted and paid offer, a second one cancelled, a third refunded by the operator", async () => {
  const cancelled = await journey.paidOffer();
  await journey.must(204, "POST", `/testimonies/${cancelled.testimonyId}/cancel`, { token: cancelled.client.token });
  await journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, { reason: "The expert fell ill." });
  await journey.advance(10);
  expect(await violated()).toEqual([]);
});

describe("finds", () => {
  it("a line without its counterpart", async () => {
    await post("commission", -1, 90);
    expect(await violated()).toEqual(
      expect.arrayContaining(["change_lines_sum_to_zero", "ledger_sums_to_zero", "commission_is_of_accepted_offers"]),
    );
  });

  it("money that was moved without a change", async () => {
    await post("client_payable", 5, 0, 99);
    await post("stripe_balance", -5, 1, 99);
    expect(await violated()).toEqual(["every_posting_has_its_change", "clients_are_owed_only_returns"]);
  });

  it("an expert who is owed what nobody sends", async () => {
    await post("expert_payable", -5, 90);
    await post("stripe_balance", 5, 91);
    expect(await violated()).toEqual(["experts_are_owed_unpaid_payouts"]);
  });

  it("a missing change, and a missing event", async () => {
    await run("delete from outbox where aggregate_id = ? and sequence = 1", session.testimonyId);
    expect(await violated()).toEqual(["event_sequences_have_no_gaps"]);
  });

  it.each([
    [
      "a second acceptance in the journal",
      "insert into journal (aggregate_id, version, change_id, tenant, name, actor, at, request_id, data) select aggregate_id, max(version) + 1, 'x', 't', 'accept-offer', 'client', 0, 'r', '{}' from journal where aggregate_id = ?",
      ["accepted_testimony_has_one_acceptance"],
    ],
    [
      "an acceptance whose offer is not the accepted one",
      "update testimonies set accepted_offer_id = 'x' where id = ?",
      ["accepted_testimony_has_one_acceptance"],
    ],
    [
      "an accepted testimony of another price",
      "update testimonies set price_minor = 1 where id = ?",
      ["accepted_testimony_has_one_acceptance"],
    ],
    [
      "a cancelled testimony whose money stayed",
      "update testimonies set state = 'cancelled' where id = ?",
      ["other_testimony_has_no_acceptance"],
    ],
    [
      "a total that is not the sum",
      "update checkouts set total_minor = total_minor + 1 where testimony_id = ?",
      ["checkout_totals_add_up", "paid_checkouts_are_posted"],
    ],
    [
      "a fee that was not posted",
      "update checkouts set fee_minor = 0 where testimony_id = ?",
      ["paid_checkouts_are_posted"],
    ],
    [
      "an accepted checkout without a charge",
      "update checkouts set charge_id = null where testimony_id = ?",
      ["unpaid_checkouts_hold_no_money"],
    ],
    [
      "a transfer of another amount",
      "update payouts set netted_minor = 1 where testimony_id = ?",
      ["transfers_are_posted"],
    ],
    [
      "a payout marked as unpaid again",
      "update payouts set state = 'due' where testimony_id = ?",
      ["experts_are_owed_unpaid_payouts"],
    ],
    [
      "a refund beyond the payment",
      "insert into refunds (testimony_id, id, checkout_id, state, currency, amount_minor, reason, created_at) select testimony_id, 'x', id, 'claimed', 'eur', total_minor + 1, 'x', 0 from checkouts where testimony_id = ?",
      ["refunds_are_within_the_payment"],
    ],
    [
      "a refund that was not posted",
      "insert into refunds (testimony_id, id, checkout_id, state, currency, amount_minor, reason, stripe_id, created_at) select testimony_id, 'x', id, 'succeeded', 'eur', 1, 'x', 're_x', 0 from checkouts where testimony_id = ?",
      ["finished_refunds_are_posted"],
    ],
    [
      "a debt without an entry",
      "insert into receivables (user_id, currency, remaining_minor) select expert_id, 'eur', 5 from payouts where testimony_id = ?",
      ["receivables_equal_their_entries"],
    ],
    [
      "a debt that the ledger does not know",
      "insert into receivable_entries (user_id, payout_id, kind, amount_minor, at) select expert_id, id, 'raise', 5, 0 from payouts where testimony_id = ?",
      ["receivables_equal_their_entries", "receivables_equal_the_ledger"],
    ],
  ])("%s", async (_, sql, names) => {
    expect(await violated()).toEqual([]);
    await run(sql, session.testimonyId);
    expect(await violated()).toEqual(names);
  });
});

it("bounds what it shows", async () => {
  for (let line = 100; line < 130; line += 1) await post("commission", 1, line, line);
  const { invariants } = await journey.ledgerCheck();
  expect(invariants.find(({ name }) => name === "change_lines_sum_to_zero")?.violations).toHaveLength(20);
});
