import { type SQL, sql } from "drizzle-orm";

/** Invariants of acceptances, checkouts, refunds, payouts and receivables. As in ledger-invariants.ts. */
export const offerInvariants: Record<string, SQL> = {
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

  // Clients' payments.
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
  // A client is owed what a return has not yet sent, of a whole payment or of a part, and nothing else.
  clients_are_owed_only_returns: sql`
    select testimony_id, owed_minor, returning_minor from (
      select t.id as testimony_id,
        -(select coalesce(sum(p.amount_minor), 0) from postings p
          where p.aggregate_id = t.id and p.account = 'client_payable') as owed_minor,
        (select coalesce(sum(case c.state when 'accepted' then c.returned_minor else c.total_minor end), 0)
          from checkouts c
          where c.testimony_id = t.id and c.state in ('accepted', 'returning', 'return_failed')) as returning_minor
      from testimonies t)
    where owed_minor < 0 or owed_minor > returning_minor`,
  commission_is_of_accepted_offers: sql`
    select testimony_id, posted_minor, earned_minor from (
      select t.id as testimony_id,
        -(select coalesce(sum(p.amount_minor), 0) from postings p
          where p.aggregate_id = t.id and p.account = 'commission') as posted_minor,
        (select coalesce(sum(c.commission_minor
            - (c.returned_minor * c.commission_minor * 2 + c.total_minor) / (2 * c.total_minor)), 0) from checkouts c
          where c.testimony_id = t.id and c.state = 'accepted') as earned_minor
      from testimonies t)
    where posted_minor <> earned_minor`,
  refunds_are_within_the_payment: sql`
    select testimony_id, id, total_minor, counted_minor, refunded_minor from (
      select c.testimony_id, c.id, c.charge_id, c.total_minor, c.refunded_minor as counted_minor,
        (select coalesce(sum(r.amount_minor), 0) from refunds r
          where r.testimony_id = c.testimony_id and r.checkout_id = c.id and r.state <> 'failed') as refunded_minor
      from checkouts c)
    where refunded_minor <> counted_minor or refunded_minor > total_minor
      or (refunded_minor > 0 and charge_id is null)`,
  finished_refunds_are_posted: sql`
    select r.testimony_id, r.id, r.state, r.amount_minor from refunds r
    where r.stripe_id is not null and
      (select coalesce(sum(p.amount_minor), 0) from postings p
        where p.aggregate_id = r.testimony_id and p.reference = r.stripe_id and p.account = 'stripe_balance')
      not in (case when r.state = 'failed' then 0 else -r.amount_minor end,
        case when r.state in ('failed', 'pending') then 0 else -r.amount_minor end)`,

  // Experts' payouts.
  one_payout_per_checkout: sql`
    select testimony_id, checkout_id, count(*) as payouts from payouts
    group by testimony_id, checkout_id having count(*) > 1`,
  // An expert is owed what the payout promises and the expert has not received: an out-of-band reversal is owed again.
  experts_are_owed_unpaid_payouts: sql`
    select testimony_id, owed_minor, unpaid_minor from (
      select t.id as testimony_id,
        -(select coalesce(sum(p.amount_minor), 0) from postings p
          where p.aggregate_id = t.id and p.account = 'expert_payable') as owed_minor,
        (select coalesce(sum(max(0, y.amount_minor - y.lowered_minor - case
            when y.state in ('paid', 'reversing', 'reversed') then y.sent_minor + y.netted_minor - y.reversed_minor
            else 0 end)), 0) from payouts y where y.testimony_id = t.id) as unpaid_minor
      from testimonies t)
    where owed_minor <> unpaid_minor`,
  payouts_are_posted: sql`
    select y.testimony_id, y.id, y.state, y.sent_minor from payouts y
    where y.transfer_id is not null and
      (select coalesce(sum(p.amount_minor), 0) from postings p
        where p.aggregate_id = y.testimony_id and p.reference = y.transfer_id and p.account = 'stripe_balance')
      <> -y.sent_minor`,

  // Experts' debts to us (src/guides/decisions.md#taking-back).
  receivables_equal_their_entries: sql`
    select user_id, remaining_minor, entries_minor from (
      select u.user_id,
        (select coalesce(sum(r.remaining_minor), 0) from receivables r where r.user_id = u.user_id) as remaining_minor,
        (select coalesce(sum(case when e.kind in ('reserve', 'repay') then -e.amount_minor else e.amount_minor end), 0)
          from receivable_entries e where e.user_id = u.user_id) as entries_minor
      from (select user_id from receivables union select user_id from receivable_entries) u)
    where remaining_minor <> entries_minor`,
  // An entry follows its testimony's change in a batch of its own, so it is compared once the payout has nothing left
  // to do.
  receivables_equal_the_ledger: sql`
    select testimony_id, id, ledger_minor, entries_minor from (
      select y.testimony_id, y.id,
        (select coalesce(sum(p.amount_minor), 0) from postings p
          where p.aggregate_id = y.testimony_id and p.account = 'expert_receivable') as ledger_minor,
        (select coalesce(sum(case when e.kind in ('reserve', 'repay') then -e.amount_minor else e.amount_minor end), 0)
          from receivable_entries e where e.user_id = y.expert_id and e.payout_id = y.id) as entries_minor
      from payouts y where y.state in ('paid', 'reversed', 'cancelled') and y.due_at is null)
    where ledger_minor <> entries_minor`,
};
