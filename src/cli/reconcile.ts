/**
 * `npm run reconcile`: compares Stripe's balance with our ledger's, per currency, and what moved on connected accounts
 * with our postings, in minor units. Exit code 1 if anything is left that no posting explains.
 */
import { askOperator } from "./operator.ts";

interface Reconciliation {
  ok: boolean;
  currencies: { currency: string; stripeBalanceMinor: number; ledgerBalanceMinor: number; unexplainedMinor: number }[];
  lines: unknown[];
  unexplained: unknown[];
}

interface Accounts {
  ok: boolean;
  accounts: { accountId: string; isClosed: boolean; compared: number; unexplained: unknown[] }[];
  next: string | null;
}

async function everyAccount(): Promise<Accounts["accounts"]> {
  const all: Accounts["accounts"] = [];
  for (let path: string | undefined = "/reconcile/accounts"; path !== undefined; ) {
    const { accounts, next }: Accounts = await askOperator<Accounts>(path);
    all.push(...accounts);
    path = next === null ? undefined : `/reconcile/accounts?after=${next}`;
  }
  return all;
}

function print(unexplained: readonly unknown[], indent: string): void {
  for (const line of unexplained) console.log(`${indent}${JSON.stringify(line)}`);
}

const { ok, currencies, lines, unexplained } = await askOperator<Reconciliation>("/reconcile");
console.table(currencies);
console.log(`${lines.length} balance transactions compared, ${unexplained.length} unexplained`);
print(unexplained, "  ");

const accounts = await everyAccount();
const differing = accounts.filter((account) => account.unexplained.length > 0);
const closed = accounts.filter(({ isClosed }) => isClosed);
const payments = accounts.reduce((sum, { compared }) => sum + compared, 0);
const left = closed.length > 0 ? `, ${closed.length} not shown by Stripe any more` : "";
console.log(`${accounts.length} connected accounts compared in ${payments} lines, ${differing.length} differ${left}`);
for (const account of differing) {
  console.log(`  ${account.accountId}`);
  print(account.unexplained, "    ");
}

const isPlain = ok && unexplained.length === 0 && currencies.every((one) => one.unexplainedMinor === 0);
const agree = isPlain && differing.length === 0;
console.log(agree ? "\nEvery cent at Stripe is in the ledger." : "\nStripe and the ledger differ.");
process.exit(agree ? 0 : 1);
