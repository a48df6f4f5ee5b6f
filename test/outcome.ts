import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Journey } from "./journey";

/** The outcome of a testimony's money at Stripe. Amounts in minor units. */
export interface Outcome {
  /** The status of every session that was opened for it, oldest first. */
  sessions: string[];
  paidMinor: number;
  /** One entry for each refund. */
  refunds: { amount: number; status: string }[];
  /** One entry for each transfer. */
  transfers: { amount: number }[];
}

/** Asks the emulator about everything that carries the testimony's id. */
export async function outcomeOf(journey: Journey, { testimonyId }: { testimonyId: string }): Promise<Outcome> {
  const [sessions, charges, transfers] = await Promise.all([
    journey.stripe("/checkout/sessions?limit=100"),
    journey.stripe(`/charges?limit=100&transfer_group=${testimonyId}`),
    journey.stripe(`/transfers?limit=100&transfer_group=${testimonyId}`),
  ]);
  const paid = charges.data.filter((charge: { status: string }) => charge.status === "succeeded");
  const refunds = await Promise.all(
    paid.map((charge: { id: string }) => journey.stripe(`/refunds?charge=${charge.id}`)),
  );
  return {
    sessions: sessions.data
      .filter((session: { metadata: { testimony_id: string } }) => session.metadata.testimony_id === testimonyId)
      .map((session: { status: string }) => session.status)
      .reverse(),
    paidMinor: paid.reduce((sum: number, charge: { amount: number }) => sum + charge.amount, 0),
    refunds: refunds.flatMap((list) => list.data).map(({ amount, status }) => ({ amount, status })),
    transfers: transfers.data.map(({ amount }: { amount: number }) => ({ amount })),
  };
}

/** Expects that every invariant of the ledger holds, and every cent at Stripe is explained. */
export async function expectBooksInOrder(journey: Journey): Promise<void> {
  const check = await journey.ledgerCheck();
  expect(check.invariants.filter(({ ok }) => !ok)).toEqual([]);
  expect(check).toMatchObject({ ok: true });
  expect(check.invariants.length).toBeGreaterThan(0);
  expect(await journey.reconcile()).toMatchObject({ ok: true, unexplained: [] });
}

/** Counts the changes of this name in the testimony's journal. */
export function journalCount(testimonyId: string, name: string): Promise<number> {
  return count("select count(*) as n from journal where aggregate_id = ? and name = ?", testimonyId, name);
}

/** Counts the events of this type about the testimony. */
export function outboxCount(testimonyId: string, type: string): Promise<number> {
  return count("select count(*) as n from outbox where aggregate_id = ? and type = ?", testimonyId, type);
}

/** Counts the pending Stripe calls. */
export function openEffectCount(): Promise<number> {
  return count("select count(*) as n from stripe_effects where state = 'open'");
}

async function count(query: string, ...values: string[]): Promise<number> {
  const row = await env.DB.prepare(query)
    .bind(...values)
    .first<{ n: number }>();
  return row?.n ?? 0;
}
