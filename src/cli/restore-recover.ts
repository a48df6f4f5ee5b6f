/**
 * `npm run restore:recover`: after `restore:mark`, searches what Stripe made in the lost time, restores each object to
 * its owner, and lets changes go on (not with `--hold`). It prints what was found and what is lost, and can be run
 * again. Exit code 1 if Stripe must be asked again about some of it, 2 if the server does not answer.
 */
import { parseArgs } from "node:util";
import { askOperator } from "./operator.ts";

interface Page {
  data: { place: { list: string; account: string | null }; found: { id: string; outcome: string }[]; next: unknown };
}

interface Mark {
  data: { restored_to: string; marked_at: string } | null;
}

const { values } = parseArgs({ options: { hold: { type: "boolean", default: false } } });
const { data: mark } = await askOperator<Mark>("/restore");
if (!mark) {
  console.error("The database is not marked as put back: npm run restore:mark first.");
  process.exit(2);
}

const counts = new Map<string, number>();
for (let place: unknown; place !== null; ) {
  const { data }: Page = await askOperator<Page>("/restore/recover", place === undefined ? {} : { place });
  for (const { id, outcome } of data.found) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    if (outcome !== "known") console.log(`${outcome.padEnd(9)} ${data.place.list.padEnd(10)} ${id}`);
  }
  place = data.next;
}
console.log(
  [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ") || "Nothing was made in that time.",
);
console.log(
  `\nLost: transfers between wallets from ${mark.restored_to} to ${mark.marked_at}, and users, offers and orders`,
);
console.log("of that time. No Stripe remembers them: ask the applications for what they were answered then.");
const openCount = counts.get("open") ?? 0;
if (openCount > 0) {
  console.error(`\nStripe did not say what became of ${openCount}. Changes still wait: run this again.`);
  process.exit(1);
}
if (!values.hold) await askOperator("/restore/end", {});
console.log(values.hold ? "\nChanges still wait." : "\nChanges go on. Next: npm run ledger:check, npm run reconcile");
