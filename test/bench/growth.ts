import { type Comparison, compare } from "./compare.ts";
import { filledDays } from "./fill.ts";
import { applications, type Grown, grow, type Operation, operations } from "./grown.ts";
import { cease } from "./load.ts";
import { printScreens } from "./screens.ts";

const manyTransfers = 1_000_000;
const manyPayments = 50_000;

/**
 * Prints how much longer it takes to initiate, accept and list transfers among many than among few: two sandboxes, one
 * of each size, take turns.
 */
export async function printGrowth(quick: boolean): Promise<void> {
  const sizes = quick ? { few: 1_000, many: 10_000 } : { few: 10_000, many: manyTransfers };
  const [few, many] = [await grow(sizes.few), await grow(sizes.many)];
  try {
    console.log(`
Transfers among ${grouped(sizes.many)} beside the same among ${grouped(sizes.few)}: ratios of the latencies, medians over alternating
rounds, one client at a time. In brackets the absolute medians (many / few); then the rows that one request reads, counted.
Filled by SQL within every constraint, and the ledger check passes: the last ${filledDays} days of ${applications} applications. The first
of them, which asks here, has sent two of five transfers and received two of five; 94 % of all are completed, and each day
but the last two is settled. Both sizes have the same days, so what is asked for of a day or of the whole grows alike.
`);
    printFilled(many, few);
    const round = { count: quick ? 2 : 10, concurrency: 1, latencyMs: 0 };
    const comparison = await compare(operations, { measured: many, baseline: few }, round, quick ? 0 : 120);
    await printRatios(comparison, many, few);
    cease();
    await few.remove();
    await printCostOfScreens(many, quick);
  } finally {
    cease();
    await Promise.all([many.remove(), few.remove()]);
  }
}

/** Prints what the console's screens cost among many transfers and payments. Throws if one costs too much. */
export async function printGrownScreens(quick: boolean): Promise<void> {
  const many = await grow(quick ? 10_000 : manyTransfers);
  try {
    await printCostOfScreens(many, quick);
  } finally {
    await many.remove();
  }
}

async function printCostOfScreens(many: Grown, quick: boolean): Promise<void> {
  const tooMuch = await printScreens(many, quick ? 500 : manyPayments);
  if (tooMuch.length > 0) throw new Error(`these cost too much: ${tooMuch.join(", ")}`);
}

function printFilled(many: Grown, few: Grown): void {
  for (const [position, { table, rows }] of many.filled.entries()) {
    const ofFew = few.filled[position]?.rows ?? 0;
    console.log(`${table.padEnd(32)}${`${grouped(rows)} / ${grouped(ofFew)} rows`.padStart(32)}`);
  }
}

async function printRatios({ rounds, of }: Comparison<Operation>, many: Grown, few: Grown): Promise<void> {
  console.log(`\n${`${rounds} rounds`.padEnd(32)}${"p50 latency, ms".padEnd(28)}rows read`);
  for (const operation of operations) {
    const { ratio = 0, measured = 0, baseline = 0 } = of(operation, "p50Ms") ?? {};
    const latency = `${ratio.toFixed(2).padStart(6)}  (${measured.toFixed(1)} / ${baseline.toFixed(1)})`;
    const rows = `${grouped(await many.rowsRead(operation))} / ${grouped(await few.rowsRead(operation))}`;
    console.log(`${operation.padEnd(32)}${latency.padEnd(28)}${rows}`);
  }
}

function grouped(count: number): string {
  return count.toLocaleString("en");
}
