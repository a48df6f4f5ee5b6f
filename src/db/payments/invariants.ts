import { type SQL, sql } from "drizzle-orm";

/**
 * Selects the postings of an object that Stripe moved in another currency than the payment's, at its own rates: such
 * amounts are not comparable with ours.
 */
function converted(aggregate: string, reference: string, currency: string): SQL {
  return sql.raw(`select 1 from postings l where l.aggregate_id = ${aggregate} and l.reference = ${reference}
    and l.account = 'seller_balance' and l.currency <> ${currency}`);
}

/**
 * Allows the seller to have no line if our fee is all that was captured: nothing is left to convert for the seller.
 * Another hand may capture a part at Stripe that is no more than the agreed fee.
 */
function unlessAllIsFee(minor: string): SQL {
  return sql.raw(`${minor}, case when p.application_fee_minor >= p.captured_minor then 0 else ${minor} end`);
}

/** Invariants of payments, their refunds, Stripe's bills and shoppers' methods. As in ledger-invariants.ts. */
export const paymentInvariants: Record<string, SQL> = {
  // Payments on connected accounts.
  one_live_payment_per_order: sql`
    select developer_id, app_id, order_id, count(*) as payments from payments where live = 1
    group by developer_id, app_id, order_id having count(*) > 1`,
  payments_stand_while_their_money_is_here: sql`
    select p.id, p.live, p.captured_minor from payments p where p.state = 'succeeded' and (p.live is not null) <> (
      (select coalesce(sum(r.amount_minor), 0) from payment_refunds r
        where r.payment_id = p.id and r.kind <> 'release' and r.state = 'succeeded')
      + (select coalesce(sum(d.amount_minor), 0) from payment_disputes d
        where d.payment_id = p.id and d.state = 'lost') < p.captured_minor)`,
  // Only Stripe can make an order paid twice: by a refund that fails after another payment was made.
  orders_are_paid_once: sql`
    select developer_id, app_id, order_id, count(*) as payments from payments p where live is not null
    group by developer_id, app_id, order_id having count(*) > 1 and sum(
      (select count(*) from payment_refunds r where r.payment_id = p.id and r.state = 'failed')) = 0`,
  captured_payments_are_posted: sql`
    select p.id, p.state, p.captured_minor from payments p
    where (select coalesce(sum(l.amount_minor), 0) from postings l
        where l.aggregate_id = p.id and l.reference = p.charge_id and l.account = 'seller_balance'
          and l.currency = p.currency) not in (${unlessAllIsFee("p.captured_minor")})
      and not exists (${converted("p.id", "p.charge_id", "p.currency")})`,
  unpaid_payments_hold_no_money: sql`
    select id, state, captured_minor from payments where captured_minor > 0 and state <> 'succeeded'`,
  // A seller's part of a payment is what was captured, less our fee, the refunds and what a dispute withholds.
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
    join payments p on p.id = r.payment_id
    where r.kind <> 'release' and r.state in ('succeeded', 'failed') and
      (select coalesce(sum(l.amount_minor), 0) from postings l
        where l.aggregate_id = r.payment_id and l.reference = r.stripe_id and l.account = 'seller_balance')
      not in (${unlessAllIsFee("case when r.state = 'failed' then 0 else -r.amount_minor end")})
      and not exists (${converted("r.payment_id", "r.stripe_id", "r.currency")})`,
  releases_move_no_money: sql`
    select payment_id, id from payment_refunds where kind = 'release' and stripe_id is not null`,
  fees_are_within_the_agreed: sql`
    select p.id, p.application_fee_minor, posted_minor from (
      select p.*, -(select coalesce(sum(l.amount_minor), 0) from postings l
        where l.aggregate_id = p.id and l.account = 'application_fees' and l.currency = p.currency) as posted_minor
      from payments p) p
    where posted_minor < 0 or posted_minor > application_fee_minor`,

  // Lines that Stripe itself writes into our balance: each is booked under its own id, whichever run has read it.
  bills_are_booked_once: sql`
    select reference, count(*) as times from postings
    where account = 'stripe_balance' and reference like 'txn_%'
    group by reference having count(*) > 1`,

  // Shoppers' payment methods.
  shoppers_prefer_one_method: sql`
    select user_id, count(*) as methods, sum(preferred) as preferred from payment_methods where state = 'active'
    group by user_id having sum(preferred) <> 1`,
  unusable_methods_are_not_preferred: sql`
    select user_id, id, state from payment_methods where preferred = 1 and state <> 'active'`,
};
