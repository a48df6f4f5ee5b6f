import { env, exports } from "cloudflare:workers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { transferInvariants } from "../../../src/db/transfers/invariants";
import { Journey } from "../../journey";
import { newOrderId, Shop, type Shopper, type Transaction } from "../../shop";
import { expectProof, hundred } from "../books";
import { change, dropGuards, snapshot } from "../lie";
import { rows } from "../rows";

const journey = new Journey((request) => exports.default.fetch(request));

const onePosting =
  "(aggregate_id, version, line) = (select aggregate_id, version, line from postings where account = 'commission' limit 1)";

/** For each invariant, the smallest wrong change that must be found. */
const lies: Record<string, [table: string, statement: string]> = {
  change_lines_sum_to_zero: change("postings", "amount_minor = amount_minor + 1", onePosting),
  ledger_sums_to_zero: change("postings", "amount_minor = amount_minor - 1", onePosting),
  every_posting_has_its_change: ["journal", "delete from journal where name = 'pay-payout'"],
  every_event_has_its_change: ["journal", "delete from journal where name = 'accept-offer'"],
  versions_have_no_gaps: ["journal", "delete from journal where name = 'start-checkout'"],
  event_sequences_have_no_gaps: ["outbox", "delete from outbox where type = 'offer.accepted'"],
  accepted_testimony_has_one_acceptance: change("testimonies", "price_minor = price_minor + 1", "state = 'accepted'"),
  other_testimony_has_no_acceptance: change("testimonies", "state = 'offered'", "state = 'accepted'"),
  one_offer_is_accepted_at_most: change("offers", "accepted_at = 1"),
  checkout_totals_add_up: change("checkouts", "total_minor = total_minor + 1", "state = 'accepted'"),
  paid_checkouts_are_posted: change("checkouts", "fee_minor = fee_minor + 1", "state = 'accepted'"),
  unpaid_checkouts_hold_no_money: change("checkouts", "charge_id = null", "state = 'returned'"),
  clients_are_owed_only_returns: change("postings", "account = 'client_payable'", onePosting),
  commission_is_of_accepted_offers: change("postings", "account = 'stripe_fees'", onePosting),
  refunds_are_within_the_payment: change("refunds", "amount_minor = amount_minor + 1"),
  finished_refunds_are_posted: change("refunds", "state = 'failed'"),
  one_payout_per_checkout: [
    "payouts",
    `insert into payouts (testimony_id, id, checkout_id, expert_id, state, currency, amount_minor, netted_minor,
     lowered_minor, holds, reversed_minor, created_at)
     select testimony_id, 'another', checkout_id, expert_id, 'cancelled', currency, amount_minor, netted_minor,
     amount_minor, holds, reversed_minor, created_at from payouts where state = 'paid'`,
  ],
  experts_are_owed_unpaid_payouts: change("payouts", "state = 'due'", "state = 'paid'"),
  payouts_are_posted: change("payouts", "sent_minor = sent_minor + 1", "state = 'paid'"),
  receivables_equal_their_entries: change("receivables", "remaining_minor = remaining_minor + 1"),
  receivables_equal_the_ledger: change("receivable_entries", "amount_minor = amount_minor - 1", "kind = 'raise'"),
  one_live_payment_per_order: change("payments", "developer_id = 'one', app_id = 'one', order_id = 'one', live = 1"),
  orders_are_paid_once: change("payments", "order_id = 'one', live = 2", "live is not null"),
  payments_stand_while_their_money_is_here: change("payments", "live = null", "state = 'succeeded'"),
  captured_payments_are_posted: change("payments", "captured_minor = captured_minor - 1", "captured_minor = 2000"),
  unpaid_payments_hold_no_money: change("payments", "state = 'canceled'", "captured_minor > 0"),
  sellers_are_owed_what_stripe_holds: change("postings", "account = 'commission'", "account = 'seller_payable'"),
  payment_refunds_are_within_the_payment: change("payment_refunds", "amount_minor = amount_minor + 1"),
  finished_payment_refunds_are_posted: change("payment_refunds", "state = 'failed'", "kind = 'refund'"),
  releases_move_no_money: change("payment_refunds", "stripe_id = 're_none'", "kind = 'release'"),
  fees_are_within_the_agreed: change("payments", "application_fee_minor = 0", "application_fee_minor > 0"),
  bills_are_booked_once: [
    "postings",
    `insert into postings select aggregate_id, version, line + 1000, tenant, account, currency, amount_minor, reference, at
     from postings where reference like 'txn_%'`,
  ],
  shoppers_prefer_one_method: change("payment_methods", "preferred = 0"),
  unusable_methods_are_not_preferred: change("payment_methods", "state = 'removed'", "preferred = 1"),
};

/**
 * Makes an accepted and paid offer beside a losing one, and an accepted one that was refunded and left its expert with
 * a debt.
 */
beforeAll(async () => {
  await journey.reset();
  const expert = await journey.registerExpert();
  await journey.onboard(expert);
  await journey.advance(0);
  const accepted = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
  await journey.createOffer(await journey.registerExpert(), accepted.testimonyId, 90);
  await journey.accept(accepted);
  const shop = await Shop.open(journey);
  const { shopper } = await shop.paid();
  const world = { shopper, accountId: await shop.account() };
  await shop.refund(await feePayment(shop, world), { amount: 500 });
  await shop.refund(await shop.paid({ capture_method: "manual" }, world));
  for (const brand of ["visa", "amex"]) await shop.attach(shopper, { payment_method_id: `pm_card_${brand}` });
  await journey.advance(3 * 24 * 60 * 60);

  const refunded = await journey.paidOffer({ price: hundred.price, expert, onboarded: false });
  await journey.accept(refunded);
  await journey.advance(3 * 24 * 60 * 60);
  const [transfer] = (await journey.stripe(`/transfers?transfer_group=${refunded.testimonyId}`)).data;
  await journey.control("POST", "payouts", { account: transfer.destination });
  await journey.operator("POST", `/testimonies/${refunded.testimonyId}/refund`, { reason: "Asked for." });
  await journey.advance(60);
  await journey.advance(2 * 60 * 60);

  putGuardsBack = await dropGuards();
}, 60_000);

let putGuardsBack: () => Promise<unknown>;
afterAll(() => putGuardsBack());

it("finds nothing in order books, and names every invariant", async () => {
  const check = await journey.ledgerCheck();
  expect(check).toMatchObject({ ok: true });
  const names = check.invariants.map(({ name }) => name).filter((name) => !(name in transferInvariants));
  expect(names.sort()).toEqual(Object.keys(lies).sort());
  expect(check.invariants.every(({ violations }) => violations.length === 0)).toBe(true);
  await expectProof(journey);
});

it.each(Object.entries(lies))("finds a violation of %s", async (name, [table, statement]) => {
  const restore = await snapshot(table);
  const { meta } = await env.DB.prepare(statement).run();
  expect(meta.changes).toBeGreaterThan(0);
  const check = await journey.ledgerCheck();
  await restore();
  const found = check.invariants.find((invariant) => invariant.name === name);
  expect(check.ok).toBe(false);
  expect(found).toMatchObject({ ok: false });
  expect(found?.violations.length).toBeGreaterThan(0);
  expect(await journey.ledgerCheck()).toMatchObject({ ok: true });
});

it("lets reconcile name the line that is not Stripe's", async () => {
  const restore = await snapshot("postings");
  await rows("update postings set reference = 'tr_nobody' where account = 'stripe_balance' and reference like 'tr_%'");
  const { ok, unexplained } = await journey.reconcile();
  await restore();
  expect(ok).toBe(false);
  expect(unexplained).toContainEqual(expect.objectContaining({ reference: "tr_nobody", stripeMinor: 0 }));
  expect(await journey.reconcile()).toMatchObject({ ok: true, unexplained: [] });
});

/** Pays 20.00 with our fee of 1.00. */
async function feePayment(shop: Shop, world: { shopper: Shopper; accountId: string }): Promise<Transaction> {
  const orderId = newOrderId();
  const terms = { account_id: world.accountId, amount: 2000, currency: "usd", application_fee_amount: 100 };
  await shop.ask(world.shopper, "PUT", `/orders/${orderId}`, terms);
  const made = await shop.create(world.shopper, { order_id: orderId });
  const transaction = { ...world, orderId, transactionId: made.body.data.transaction_id };
  await shop.confirm(transaction);
  return transaction;
}
