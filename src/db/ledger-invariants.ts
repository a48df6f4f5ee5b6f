import { type SQL, sql } from "drizzle-orm";
import type { Database } from "./database";
import { transferInvariants } from "./transfer-invariants";

/** What must hold, and the first rows for which it does not. */
export interface Invariant {
  name: string;
  ok: boolean;
  violations: Record<string, unknown>[];
}

/** Enough to find the cause; the rest is of its kind. */
const violationsMax = sql.raw("limit 20"); // written out: a raw statement in a batch takes no parameters

/**
 * Each query finds the violations of one invariant: rows that must not exist. All of them are read in one batch, and so
 * of one moment: what is being written meanwhile is seen whole or not at all.
 */
const invariants: Record<string, SQL> = {
  // The books by themselves.
  change_lines_sum_to_zero: sql`
    select aggregate_id, version, currency, sum(amount_minor) as sum_minor from postings
    group by aggregate_id, version, currency having sum(amount_minor) <> 0`,
  ledger_sums_to_zero: sql`
    select currency, sum(amount_minor) as sum_minor from postings
    group by currency having sum(amount_minor) <> 0`,
  every_posting_has_its_change: sql`
    select distinct p.aggregate_id, p.version from postings p
    left join journal j on j.aggregate_id = p.aggregate_id and j.version = p.version
    where j.version is null`,
  every_event_has_its_change: sql`
    select o.aggregate_id, o.sequence, o.version from outbox o
    left join journal j on j.aggregate_id = o.aggregate_id and j.version = o.version
    where j.version is null`,
  versions_have_no_gaps: sql`
    select aggregate_id, min(version) as first, max(version) as last, count(*) as changes from journal
    group by aggregate_id having min(version) <> 1 or max(version) <> count(*)`,
  event_sequences_have_no_gaps: sql`
    select aggregate_id, min(sequence) as first, max(sequence) as last, count(*) as events from outbox
    group by aggregate_id having min(sequence) <> 1 or max(sequence) <> count(*)`,

  // Acceptances.
  accepted_testimony_has_one_acceptance: sql`
    select t.id, t.state from testimonies t
    where t.state in ('accepted', 'completed') and (
      (select count(*) from checkouts c where c.testimony_id = t.id and c.state = 'accepted') <> 1
      or not exists (
        select 1 from checkouts c
        join offers o on o.testimony_id = c.testimony_id and o.id = c.offer_id
        join payouts p on p.testimony_id = c.testimony_id and p.checkout_id = c.id
        where c.testimony_id = t.id and c.state = 'accepted'
          and o.id = t.accepted_offer_id and o.accepted_at is not null and o.withdrawn_at is null
          and o.expert_id = t.expert_id and p.expert_id = t.expert_id and c.client_id = t.client_id
          and o.price_minor = t.price_minor and c.price_minor = t.price_minor and p.amount_minor = t.price_minor
      )
      or (select coalesce(sum(case j.name when 'accept-offer' then 1 when 'refund-testimony' then -1 else 0 end), 0)
          from journal j where j.aggregate_id = t.id) <> 1
    )`,
  other_testimony_has_no_acceptance: sql`
    select t.id, t.state from testimonies t
    where t.state not in ('accepted', 'completed') and (
      exists (select 1 from checkouts c where c.testimony_id = t.id and c.state = 'accepted')
      or (select coalesce(sum(case j.name when 'accept-offer' then 1 when 'refund-testimony' then -1 else 0 end), 0)
          from journal j where j.aggregate_id = t.id) <> 0
    )`,
  one_offer_is_accepted_at_most: sql`
    select testimony_id, count(*) as accepted from offers where accepted_at is not null
    group by testimony_id having count(*) > 1`,

  // What clients paid.
  checkout_totals_add_up: sql`
    select testimony_id, id from checkouts where total_minor <> price_minor + commission_minor`,
  paid_checkouts_are_posted: sql`
    select c.testimony_id, c.id, c.total_minor, c.fee_minor from checkouts c
    where c.charge_id is not null and (
      (select coalesce(sum(p.amount_minor), 0) from postings p
        where p.aggregate_id = c.testimony_id and p.reference = c.charge_id and p.account = 'client_payable')
        <> -c.total_minor
      or (select coalesce(sum(p.amount_minor), 0) from postings p
        where p.aggregate_id = c.testimony_id and p.reference = c.charge_id and p.account = 'stripe_fees')
        <> coalesce(c.fee_minor, 0)
      or (select coalesce(sum(p.amount_minor), 0) from postings p
        where p.aggregate_id = c.testimony_id and p.reference = c.charge_id and p.account = 'stripe_balance')
        <> c.total_minor - coalesce(c.fee_minor, 0)
    )`,
  unpaid_checkouts_hold_no_money: sql`
    select testimony_id, id, state from checkouts
    where charge_id is null and state in ('accepted', 'returning', 'returned', 'return_failed')`,
  // Owed to a client is what a return under way has not yet sent, and nothing else.
  clients_are_owed_only_returns: sql`
    select testimony_id, owed_minor, returning_minor from (
      select t.id as testimony_id,
        -(select coalesce(sum(p.amount_minor), 0) from postings p
          where p.aggregate_id = t.id and p.account = 'client_payable') as owed_minor,
        (select coalesce(sum(c.total_minor), 0) from checkouts c
          where c.testimony_id = t.id and c.state in ('returning', 'return_failed')) as returning_minor
      from testimonies t)
    where owed_minor < 0 or owed_minor > returning_minor`,
  commission_is_of_accepted_offers: sql`
    select testimony_id, posted_minor, earned_minor from (
      select t.id as testimony_id,
        -(select coalesce(sum(p.amount_minor), 0) from postings p
          where p.aggregate_id = t.id and p.account = 'commission') as posted_minor,
        (select coalesce(sum(c.commission_minor), 0) from checkouts c
          where c.testimony_id = t.id and c.state = 'accepted') as earned_minor
      from testimonies t)
    where posted_minor <> earned_minor`,
  refunds_are_within_the_payment: sql`
    select c.testimony_id, c.id, c.total_minor, sum(r.amount_minor) as refunded_minor from checkouts c
    join refunds r on r.testimony_id = c.testimony_id and r.checkout_id = c.id
    where r.state <> 'failed'
    group by c.testimony_id, c.id having sum(r.amount_minor) > c.total_minor or c.charge_id is null`,
  finished_refunds_are_posted: sql`
    select r.testimony_id, r.id, r.state, r.amount_minor from refunds r
    where r.stripe_id is not null and
      (select coalesce(sum(p.amount_minor), 0) from postings p
        where p.aggregate_id = r.testimony_id and p.reference = r.stripe_id and p.account = 'stripe_balance')
      <> case when r.state = 'failed' then 0 else -r.amount_minor end`,

  // What experts are owed.
  one_payout_per_checkout: sql`
    select testimony_id, checkout_id, count(*) as payouts from payouts
    group by testimony_id, checkout_id having count(*) > 1`,
  // A transfer taken back at Stripe, past us, is owed again while its payout counts as paid.
  experts_are_owed_unpaid_payouts: sql`
    select testimony_id, owed_minor, unpaid_minor from (
      select t.id as testimony_id,
        -(select coalesce(sum(p.amount_minor), 0) from postings p
          where p.aggregate_id = t.id and p.account = 'expert_payable') as owed_minor,
        (select coalesce(sum(case
            when y.state in ('due', 'held', 'sending', 'failed') then y.amount_minor
            when y.state = 'paid' then y.reversed_minor
            else 0 end), 0) from payouts y where y.testimony_id = t.id) as unpaid_minor
      from testimonies t)
    where owed_minor <> unpaid_minor`,
  transfers_are_posted: sql`
    select y.testimony_id, y.id, y.state, y.amount_minor, y.netted_minor from payouts y
    where y.transfer_id is not null and
      (select coalesce(sum(p.amount_minor), 0) from postings p
        where p.aggregate_id = y.testimony_id and p.reference = y.transfer_id and p.account = 'stripe_balance')
      <> -(y.amount_minor - y.netted_minor)`,

  // What experts owe us (decisions O10).
  receivables_equal_their_entries: sql`
    select user_id, remaining_minor, entries_minor from (
      select u.user_id,
        (select coalesce(sum(r.remaining_minor), 0) from receivables r where r.user_id = u.user_id) as remaining_minor,
        (select coalesce(sum(case e.kind when 'reserve' then -e.amount_minor else e.amount_minor end), 0)
          from receivable_entries e where e.user_id = u.user_id) as entries_minor
      from (select user_id from receivables union select user_id from receivable_entries) u)
    where remaining_minor <> entries_minor`,
  // An entry follows its testimony's change in a batch of its own: compared once the payout has nothing left to do.
  receivables_equal_the_ledger: sql`
    select testimony_id, id, ledger_minor, entries_minor from (
      select y.testimony_id, y.id,
        (select coalesce(sum(p.amount_minor), 0) from postings p
          where p.aggregate_id = y.testimony_id and p.account = 'expert_receivable') as ledger_minor,
        (select coalesce(sum(case e.kind when 'reserve' then -e.amount_minor else e.amount_minor end), 0)
          from receivable_entries e where e.user_id = y.expert_id and e.payout_id = y.id) as entries_minor
      from payouts y where y.state in ('paid', 'reversed', 'cancelled') and y.due_at is null)
    where ledger_minor <> entries_minor`,

  // Payments on connected accounts.
  one_live_payment_per_order: sql`
    select developer_id, app_id, order_id, count(*) as payments from payments where live = 1
    group by developer_id, app_id, order_id having count(*) > 1`,
  captured_payments_are_posted: sql`
    select p.id, p.state, p.captured_minor from payments p
    where (select coalesce(sum(l.amount_minor), 0) from postings l
        where l.aggregate_id = p.id and l.reference = p.charge_id and l.account = 'seller_balance') <> p.captured_minor`,
  unpaid_payments_hold_no_money: sql`
    select id, state, captured_minor from payments where captured_minor > 0 and state <> 'succeeded'`,
  // What a seller has of a payment is what was captured, less our fee, what went back and what a dispute withholds.
  sellers_are_owed_what_stripe_holds: sql`
    select aggregate_id, currency, sum(amount_minor) as sum_minor from postings
    where account in ('seller_balance', 'seller_payable', 'application_fees')
      or (account = 'stripe_balance' and aggregate_id in (select id from payments))
    group by aggregate_id, currency having sum(amount_minor) <> 0`,
  payment_refunds_are_within_the_payment: sql`
    select p.id, p.captured_minor, p.refunded_minor from payments p
    where p.refunded_minor <> min(p.captured_minor, (
      select coalesce(sum(r.amount_minor), 0) from payment_refunds r
      where r.payment_id = p.id and r.kind <> 'release' and r.state <> 'failed'))
      or (select coalesce(sum(r.amount_minor), 0) from payment_refunds r
        where r.payment_id = p.id and r.kind <> 'release' and r.state in ('pending', 'succeeded')) > p.captured_minor`,
  finished_payment_refunds_are_posted: sql`
    select r.payment_id, r.id, r.state, r.amount_minor from payment_refunds r
    where r.kind <> 'release' and r.state in ('succeeded', 'failed') and
      (select coalesce(sum(l.amount_minor), 0) from postings l
        where l.aggregate_id = r.payment_id and l.reference = r.stripe_id and l.account = 'seller_balance')
      <> case when r.state = 'failed' then 0 else -r.amount_minor end`,
  releases_move_no_money: sql`
    select payment_id, id from payment_refunds where kind = 'release' and stripe_id is not null`,
  fees_are_within_the_agreed: sql`
    select p.id, p.application_fee_minor, posted_minor from (
      select p.*, -(select coalesce(sum(l.amount_minor), 0) from postings l
        where l.aggregate_id = p.id and l.account = 'application_fees') as posted_minor
      from payments p) p
    where posted_minor < 0 or posted_minor > application_fee_minor`,

  // What Stripe bills by itself: each bill under its own id, whichever run has read it.
  bills_are_booked_once: sql`
    select reference, count(*) as times from postings
    where account = 'stripe_fees' and reference like 'txn_%'
    group by reference having count(*) > 1`,

  // How shoppers pay.
  shoppers_prefer_one_method: sql`
    select user_id, count(*) as methods, sum(preferred) as preferred from payment_methods where state = 'active'
    group by user_id having sum(preferred) <> 1`,
  unusable_methods_are_not_preferred: sql`
    select user_id, id, state from payment_methods where preferred = 1 and state <> 'active'`,
  ...transferInvariants,
};

/** Checks the books against themselves, the journal and the rows. One round trip; cost grows with the books. */
export async function checkInvariants(db: Database): Promise<Invariant[]> {
  const [first, ...rest] = Object.values(invariants).map((query) =>
    db.all<Record<string, unknown>>(sql`${query} ${violationsMax}`),
  );
  const found = first ? await db.batch([first, ...rest]) : [];
  return Object.keys(invariants).map((name, position) => {
    const violations = found[position] ?? [];
    return { name, ok: violations.length === 0, violations };
  });
}
