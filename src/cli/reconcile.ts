/**
 * `npm run reconcile`: Stripe's balance beside our ledger's, per currency, in minor units.
 * Exit code 1 when anything is left that no posting explains.
 */
import { askOperator } from "./operator.ts";

interface Reconciliation {
  ok: boolean;
  currencies: { currency: string; stripeBalanceMinor: number; ledgerBalanceMinor: number; unexplainedMinor: number }[];
  lines: unknown[];
  unexplained: unknown[];
}

const { ok, currencies, lines, unexplained } = await askOperator<Reconciliation>("/reconcile");
console.table(currencies);
console.log(`${lines.length} balance transactions compared, ${unexplained.length} unexplained`);
for (const line of unexplained) console.log(`  ${JSON.stringify(line)}`);
console.log(ok ? "\nEvery cent at Stripe is in the ledger." : "\nStripe and the ledger differ.");
process.exit(ok && unexplained.length === 0 && currencies.every((one) => one.unexplainedMinor === 0) ? 0 : 1);
