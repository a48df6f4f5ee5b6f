/** `npm run ledger:check`: asks the server to check its ledger. Exit code 1 if an invariant does not hold. */
import { askOperator } from "./operator.ts";

interface LedgerCheck {
  ok: boolean;
  invariants: { name: string; ok: boolean; violations: unknown[] }[];
}

const check = await askOperator<LedgerCheck>("/ledger/check");
for (const { name, ok, violations } of check.invariants) {
  console.log(`${ok ? "ok  " : "FAIL"}  ${name}`);
  for (const violation of violations) console.log(`      ${describe(violation)}`);
}
console.log(check.ok ? "\nEvery cent adds up." : "\nThe books do not add up.");
// Without invariants nothing was checked, so that is a failure, too.
process.exit(check.ok && check.invariants.length > 0 && check.invariants.every(({ ok }) => ok) ? 0 : 1);

function describe(violation: unknown): string {
  return typeof violation === "string" ? violation : JSON.stringify(violation);
}
