import { stripeBalanceByReference } from "../db/postings";
import { type Result, refuse, success } from "../domain/result";
import { type BalanceLine, isOwn, listBalanceLines, retrieveBalance } from "../stripe/balance";
import { feesAwaitedMs } from "./book-stripe-fees";
import { agrees, type ComparedLine, compareLines } from "./compare-lines";
import type { Deps } from "./deps";

/** Our books beside Stripe's (decisions X13). Amounts in minor units. */
export interface Reconciliation {
  ok: boolean;
  currencies: {
    currency: string;
    stripeBalanceMinor: number;
    ledgerBalanceMinor: number;
    /** Stripe's own latest lines, which the clock books within minutes. */
    awaitedMinor: number;
    unexplainedMinor: number;
  }[];
  /** One line per object that moved money, on either side. */
  lines: ComparedLine[];
  /** The lines that differ and are not awaited. */
  unexplained: ComparedLine[];
}

/** Compares `stripe_balance` with Stripe's own balance, object by object, and leaves nothing unlabelled. Reads only. */
export async function reconcile(deps: Deps): Promise<Result<Reconciliation>> {
  const balance = await retrieveBalance(deps.stripe);
  if (!balance.ok) return refuse("stripe_unavailable", balance.failure.message);
  const listed = await listBalanceLines(deps.stripe);
  if (!listed.ok) return refuse("stripe_unavailable", listed.failure.message);
  const ours = await stripeBalanceByReference(deps.db);
  const lines = compareLines(listed.value, ours);
  const undecided = new Set(listed.value.filter(({ account }) => account === null).map(({ reference }) => reference));
  const differing = lines.filter((line) => !agrees(line) || undecided.has(line.reference));
  const awaitedIds = awaitedLines(deps, listed.value);
  const awaited = differing.filter(({ reference }) => awaitedIds.has(reference));
  const unexplained = differing.filter(({ reference }) => !awaitedIds.has(reference));
  const currencies = [...new Set([...balance.value.keys(), ...lines.map((line) => line.currency)])]
    .sort()
    .map((currency) => {
      const { availableMinor, pendingMinor } = balance.value.get(currency) ?? { availableMinor: 0, pendingMinor: 0 };
      const stripeBalanceMinor = availableMinor + pendingMinor;
      const ledgerBalanceMinor = sum(lines, currency, ({ ledgerMinor }) => ledgerMinor);
      const awaitedMinor = sum(awaited, currency, ({ stripeMinor, ledgerMinor }) => stripeMinor - ledgerMinor);
      const unexplainedMinor = stripeBalanceMinor - ledgerBalanceMinor - awaitedMinor;
      return { currency, stripeBalanceMinor, ledgerBalanceMinor, awaitedMinor, unexplainedMinor };
    });
  const ok = unexplained.length === 0 && currencies.every((one) => one.unexplainedMinor === 0);
  return success({ ok, currencies, lines, unexplained });
}

function awaitedLines(deps: Deps, lines: readonly BalanceLine[]): Set<string> {
  const sinceMs = deps.nowMs() - feesAwaitedMs;
  return new Set(lines.filter((line) => isOwn(line) && line.createdAtMs >= sinceMs).map(({ id }) => id));
}

function sum(lines: readonly ComparedLine[], currency: string, of: (line: ComparedLine) => number): number {
  return lines.filter((line) => line.currency === currency).reduce((total, line) => total + of(line), 0);
}
