import { type SQL, sql } from "drizzle-orm";
import { type GrownTotal, sumOf, sumOfTotals } from "../grown-total";

const sides = ["debited", "credited"] as const;

/** The sums of entries, per side. */
const entrySums = columns((side) =>
  sumOf(sql.raw(`case type when '${side === "debited" ? "DEBIT" : "CREDIT"}' then amount else 0 end`)),
);

/** The sums of positions, per side. */
const positionSums = columns((side) =>
  sumOfTotals({ high: sql.raw(`total_${side}_high`), low: sql.raw(`total_${side}_low`) }),
);

function columns(sum: (side: (typeof sides)[number]) => GrownTotal<SQL>): SQL {
  const each = sides.map(
    (side) => sql`${sum(side).high} as ${sql.raw(side)}_high, ${sum(side).low} as ${sql.raw(side)}_low`,
  );
  return sql.join(each, sql`, `);
}

/** Makes the condition that the totals of a row differ from the sums joined to it; missing sums count as zero. */
function differ(row: string, sums: string): SQL {
  const names = sides.flatMap((side) => [`${side}_high`, `${side}_low`]);
  const ofRow = names.map((name) => `${row}.total_${name}`).join(", ");
  const ofSums = names.map((name) => `coalesce(${sums}.${name}, 0)`).join(", ");
  return sql.raw(`(${ofRow}) <> (${ofSums})`);
}

/**
 * Invariants of wallets, transfers and settlements (src/guides/decisions.md#closed-days). As in ledger-invariants.ts.
 */
export const transferInvariants: Record<string, SQL> = {
  // Transfers and their entries. Waiting, rejected, cancelled and expired transfers have moved
  // nothing.
  completed_transfers_have_two_equal_sides: sql`
    select t.reference, t.state, t.amount, e.entries, e.debited, e.credited from transfers t
    left join (
      select transfer_id, count(*) as entries,
        sum(case type when 'DEBIT' then amount else 0 end) as debited,
        sum(case type when 'CREDIT' then amount else 0 end) as credited,
        max(case type when 'DEBIT' then application_id || currency end) as debited_wallet,
        max(case type when 'CREDIT' then application_id || currency end) as credited_wallet
      from wallet_entries group by transfer_id) e on e.transfer_id = t.id
    where case t.state when 'COMPLETED' then
      coalesce(e.entries, 0) <> 2 or e.debited <> t.amount or e.credited <> t.amount
      or e.debited_wallet <> t.sender_app_id || t.currency or e.credited_wallet <> t.receiver_app_id || t.currency
      else e.entries > 0 end`,
  entries_are_of_a_transfer_and_its_day: sql`
    select e.application_id, e.currency, e.sequence, e.reference, e.day from wallet_entries e
    left join transfers t on t.reference = e.reference and t.id = e.transfer_id
    where t.id is null or e.created_at is not t.accepted_at or e.day is not date(t.accepted_at / 1000, 'unixepoch')`,

  // Transfers and their journal, which nobody can change: the terms are the same, and there is one resolution at most.
  transfers_are_as_their_journal_says: sql`
    select t.reference, t.state, t.amount, t.currency, made.data, ended.name as ended from transfers t
    left join journal made on made.aggregate_id = t.id and made.version = 1
    left join journal ended on ended.aggregate_id = t.id and ended.version = 2
    where (made.name, made.tenant, made.data ->> 'receiverAppId') is not ('initiate-transfer', t.sender_app_id, t.receiver_app_id)
      or (made.data ->> 'reference', made.data ->> 'amount', made.data ->> 'currency') is not (t.reference, t.amount, t.currency)
      or ended.name is not case t.state when 'AWAITING_ACCEPTANCE' then null when 'COMPLETED' then 'accept-transfer'
        when 'REJECTED' then 'reject-transfer' when 'EXPIRED' then 'expire-transfer'
        when 'CANCELLED' then 'cancel-transfer' else 'no such state' end
      or (t.accepted_at is null) = (t.state = 'COMPLETED') or (t.rejected_at is null) = (t.state = 'REJECTED')
      or (t.cancelled_at is null) = (t.state = 'CANCELLED')`,
  transfers_are_resolved_once: sql`
    select aggregate_id, version, name from journal
    where name in ('accept-transfer', 'reject-transfer', 'cancel-transfer', 'expire-transfer') and version <> 2`,
  initiated_transfers_are_there: sql`
    select j.aggregate_id, j.data from journal j
    left join transfers t on t.reference = j.data ->> 'reference' and t.id = j.aggregate_id
    where j.name = 'initiate-transfer' and t.id is null`,

  // Records of the parties. Whether the receiver had an address is not kept, so only a missing record of the sender is
  // found.
  ended_transfers_tell_their_sender: sql`
    select t.reference, t.state, t.callback_url, w.event_type from transfers t
    left join transfer_webhooks w on w.reference = t.reference and w.direction = 'SENDER'
    where w.event_type is not
      case when t.callback_url is not null and t.state <> 'AWAITING_ACCEPTANCE' then 'TRANSACTION_' || t.state end`,
  waiting_records_are_due: sql`
    select reference, direction, state, due_at from transfer_webhooks
    where (state = 'PENDING') <> (due_at is not null)`,

  // Wallets and their chains.
  wallets_equal_their_entries: sql`
    select e.*, w.* from wallets w
    left join (
      select application_id, currency, max(sequence) as sequence, ${entrySums}
      from wallet_entries group by application_id, currency) e
      on e.application_id = w.application_id and e.currency = w.currency
    left join wallet_entries last
      on last.application_id = w.application_id and last.currency = w.currency and last.sequence = w.sequence
    where ${differ("w", "e")}
      or w.sequence <> coalesce(e.sequence, 0) or w.balance <> coalesce(last.closing_balance, 0)`,
  wallet_chains_have_no_gaps: sql`
    select e.application_id, e.currency, e.sequence, e.opening_balance, before.closing_balance from wallet_entries e
    left join wallet_entries before
      on before.application_id = e.application_id and before.currency = e.currency and before.sequence = e.sequence - 1
    where e.opening_balance <> coalesce(before.closing_balance, 0) or (before.sequence is null and e.sequence <> 1)`,
  wallets_have_the_limit_of_their_application: sql`
    select w.application_id, w.currency, w.debit_limit, a.debit_limit as given from wallets w
    left join applications a on a.id = w.application_id
    where a.id is null or w.debit_limit is not a.debit_limit`,
  wallets_sum_to_zero: sql`
    select currency, total(balance) as about from wallets group by currency
    having (${sumOf(sql`balance`).high}, ${sumOf(sql`balance`).low}) <> (0, 0)`,

  // Settlements. A day and currency is one row, so that no transfer is in two batches.
  settled_days_are_counted_whole: sql`
    select e.day, e.currency, count(*) as entries from wallet_entries e
    left join settlement_batches b on b.day = e.day and b.currency = e.currency
    where b.day is null and e.day <= (select max(day) from settlement_batches where currency = 'NGN')
    group by e.day, e.currency`,
  settled_days_are_closed: sql`
    select day, currency from settlement_batches where day > coalesce((select max(day) from settlement_days), '')`,
  batches_equal_the_ledger: sql`
    select e.*, b.* from settlement_batches b
    left join (
      select day, currency, ${entrySums},
        sum(type = 'CREDIT') as transfers, count(distinct application_id) as applications
      from wallet_entries group by day, currency) e on e.day = b.day and e.currency = b.currency
    where b.status <> 'COMPLETED' or ${differ("b", "e")}
      or (b.total_credited_high, b.total_credited_low) <> (b.total_debited_high, b.total_debited_low)
      or b.transaction_count <> coalesce(e.transfers, 0) or b.application_count <> coalesce(e.applications, 0)`,
  batches_equal_their_positions: sql`
    select p.*, b.* from settlement_batches b
    left join (
      select day, currency, ${positionSums}, count(*) as applications
      from settlement_entries group by day, currency) p on p.day = b.day and p.currency = b.currency
    where ${differ("b", "p")}
      or b.application_count <> coalesce(p.applications, 0)`,
  positions_equal_the_ledger: sql`
    select e.*, p.* from settlement_entries p
    left join (
      select application_id, day, currency, ${entrySums}, count(distinct transfer_id) as transfers
      from wallet_entries group by application_id, day, currency) e
      on e.application_id = p.application_id and e.day = p.day and e.currency = p.currency
    left join wallets w on w.application_id = p.application_id and w.currency = p.currency
    where p.wallet_id is not w.id or ${differ("p", "e")}
      or p.transaction_count <> coalesce(e.transfers, 0)`,
  positions_open_where_the_last_closed: sql`
    select day, currency, application_id, opening_balance, closed_balance from (
      select *, coalesce(lag(closing_balance) over (partition by application_id, currency order by day), 0) as closed_balance
      from settlement_entries)
    where opening_balance <> closed_balance`,
  // Entries before a position's last one are never counted again, so none of a later day may be among them.
  positions_end_before_the_next_day: sql`
    select day, currency, application_id, last_sequence from (
      select *, coalesce(lag(last_sequence) over (partition by application_id, currency order by day), 0) as counted
      from settlement_entries) p
    where last_sequence < counted
      or last_sequence > 0 and not exists (
        select 1 from wallet_entries e
        where e.application_id = p.application_id and e.currency = p.currency and e.sequence = p.last_sequence)
      or exists (
        select 1 from wallet_entries e where e.application_id = p.application_id and e.currency = p.currency
          and e.sequence > p.counted and e.sequence <= p.last_sequence and e.day > p.day)`,
};
