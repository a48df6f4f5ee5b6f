import { env } from "cloudflare:workers";

/** A row of the database, for facts that no answer shows. */
export interface PayoutRow {
  id: string;
  state: string;
  reason: string | null;
  holds: string[];
  amount_minor: number;
  lowered_minor: number;
  sent_minor: number;
  netted_minor: number;
  reversed_minor: number;
  transfer_id: string | null;
}

/** Returns the only payout of a testimony. */
export async function payoutOf({ testimonyId }: { testimonyId: string }): Promise<PayoutRow> {
  const [row] = await rows<PayoutRow & { holds: string }>("select * from payouts where testimony_id = ?", testimonyId);
  if (!row) throw new Error("there is no payout");
  return { ...row, holds: JSON.parse(row.holds) };
}

/** Lists the open reasons for which an operator must look at a testimony, in alphabetical order. */
export async function attentionOf({ testimonyId }: { testimonyId: string }): Promise<string[]> {
  const standing = await rows<{ kind: string }>(
    "select kind from attention where aggregate_id = ? and cleared_at is null order by kind",
    testimonyId,
  );
  return standing.map(({ kind }) => kind);
}

/** Returns the state of the checkout of a session. */
export async function checkoutState({ sessionId }: { sessionId: string }): Promise<string | undefined> {
  const [row] = await rows<{ state: string }>("select state from checkouts where session_id = ?", sessionId);
  return row?.state;
}

/** Sums experts' debts to us, in minor units. */
export async function owedByExperts(): Promise<number> {
  const [row] = await rows<{ sum: number | null }>("select sum(remaining_minor) as sum from receivables");
  return row?.sum ?? 0;
}

/** Lists the names of the changes of a testimony, in order. */
export async function journalOf({ testimonyId }: { testimonyId: string }): Promise<string[]> {
  const found = await rows<{ name: string }>(
    "select name from journal where aggregate_id = ? order by version",
    testimonyId,
  );
  return found.map(({ name }) => name);
}

/** Lists the types of the events about a testimony, in order. */
export function toldOf({ testimonyId }: { testimonyId: string }): Promise<string[]> {
  return told(testimonyId);
}

async function told(aggregateId: string): Promise<string[]> {
  const found = await rows<{ type: string }>(
    "select type from outbox where aggregate_id = ? order by sequence",
    aggregateId,
  );
  return found.map(({ type }) => type);
}

/** Our own row of a payment. */
export interface PaymentRow {
  id: string;
  order_id: string;
  state: string;
  live: number | null;
  capture_before: number | null;
  warned_at: number | null;
  due_at: number | null;
}

/** Returns the payment with this id at Stripe. */
export async function paymentOf({ transactionId }: { transactionId: string }): Promise<PaymentRow> {
  const [row] = await rows<PaymentRow>("select * from payments where stripe_id = ?", transactionId);
  if (!row) throw new Error(`there is no payment ${transactionId}`);
  return row;
}

/** Lists the types of the events about a payment, in order. */
export async function toldOfPayment(transaction: { transactionId: string }): Promise<string[]> {
  return told((await paymentOf(transaction)).id);
}

/** Runs a query and returns its rows. */
export async function rows<Row>(query: string, ...values: unknown[]): Promise<Row[]> {
  const { results } = await env.DB.prepare(query)
    .bind(...values)
    .all<Row>();
  return results;
}
