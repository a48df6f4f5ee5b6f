import { stripeBalanceByReference } from "../db/postings";
import { type Result, refuse, success } from "../domain/result";
import { type BalanceLine, listBalanceLines, retrieveBalance } from "../stripe/balance";
import type { Deps } from "./deps";

/** Our books beside Stripe's (decisions X13). Amounts in minor units. */
export interface Reconciliation {
  ok: boolean;
  currencies: { currency: string; stripeBalanceMinor: number; ledgerBalanceMinor: number; unexplainedMinor: number }[];
  /** One line per object that moved money, on either side. */
  lines: Line[];
  /** The lines that differ. */
  unexplained: Line[];
}

interface Line {
  reference: string | null;
  currency: string;
  types: string[];
  stripeMinor: number;
  ledgerMinor: number;
}

/** Compares `stripe_balance` with Stripe's own balance, object by object, and leaves nothing unlabelled. Reads only. */
export async function reconcile(deps: Deps): Promise<Result<Reconciliation>> {
  const balance = await retrieveBalance(deps.stripe);
  if (!balance.ok) return refuse("stripe_unavailable", balance.failure.message);
  const listed = await listBalanceLines(deps.stripe);
  if (!listed.ok) return refuse("stripe_unavailable", listed.failure.message);
  const lines = [...pair(listed.value, await stripeBalanceByReference(deps.db)).values()];
  const currencies = [...new Set([...balance.value.keys(), ...lines.map((line) => line.currency)])]
    .sort()
    .map((currency) => {
      const stripeBalanceMinor = balance.value.get(currency) ?? 0;
      const ledgerBalanceMinor = sum(lines, currency, "ledgerMinor");
      return {
        currency,
        stripeBalanceMinor,
        ledgerBalanceMinor,
        unexplainedMinor: stripeBalanceMinor - ledgerBalanceMinor,
      };
    });
  const unexplained = lines.filter((line) => line.stripeMinor !== line.ledgerMinor);
  const ok = unexplained.length === 0 && currencies.every((one) => one.unexplainedMinor === 0);
  return success({ ok, currencies, lines, unexplained });
}

function pair(
  theirs: readonly BalanceLine[],
  ours: readonly { reference: string | null; currency: string; sumMinor: number }[],
): Map<string, Line> {
  const lines = new Map<string, Line>();
  const at = (reference: string | null, currency: string) => {
    const key = `${reference ?? ""} ${currency}`;
    const line = lines.get(key) ?? { reference, currency, types: [], stripeMinor: 0, ledgerMinor: 0 };
    lines.set(key, line);
    return line;
  };
  for (const one of theirs) {
    const line = at(one.source, one.currency);
    line.stripeMinor += one.netMinor;
    line.types.push(one.type);
  }
  for (const one of ours) at(one.reference, one.currency).ledgerMinor += one.sumMinor;
  return lines;
}

function sum(lines: readonly Line[], currency: string, side: "ledgerMinor"): number {
  return lines.filter((line) => line.currency === currency).reduce((total, line) => total + line[side], 0);
}
