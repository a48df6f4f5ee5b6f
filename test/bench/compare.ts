import { runtimeCpuMs } from "./cpu.ts";
import { fire, type Load } from "./load.ts";
import { type Operation, operations, type Round, type Run, type Side } from "./sides.ts";

/** What one operation came to in one round of one side. */
interface Sample extends Load {
  /** CPU of the whole runtime, a request. Undefined where it cannot be read. */
  cpuMs: number | undefined;
}

/** What is compared, of the samples of a round. */
type Figure = "perSecond" | "p50Ms" | "p99Ms" | "cpuMs";

export interface Compared {
  /** Median over the rounds of ours divided by the floor of the same round. */
  ratio: number;
  ours: number;
  floor: number;
}

export type Comparison = { rounds: number; of: (operation: Operation, figure: Figure) => Compared | undefined };

export interface Contestant {
  side: Side;
  /** Process group of its server. */
  group: () => number;
}

/**
 * Lets the two take turns until the time is over, operation by operation, the other one first each time: so a machine that
 * is busy with something else is busy for both, and only what was measured side by side is compared. One round warms up.
 */
export async function compare(ours: Contestant, floor: Contestant, round: Round, seconds: number): Promise<Comparison> {
  await takeTurns(ours, floor, { ...round, count: round.concurrency }, true);
  const pairs: Pair[] = [];
  const endMs = performance.now() + seconds * 1000;
  do pairs.push(await takeTurns(ours, floor, round, pairs.length % 2 === 0));
  while (performance.now() < endMs && pairs.length < 20);

  const of = (operation: Operation, figure: Figure): Compared | undefined => {
    const both = pairs.flatMap((pair) => {
      const [a, b] = [pair.ours.get(operation)?.[figure], pair.floor.get(operation)?.[figure]];
      return a === undefined || b === undefined || b === 0 ? [] : [{ ours: a, floor: b, ratio: a / b }];
    });
    if (both.length === 0) return undefined;
    const middle = (pick: (one: Compared) => number) => median(both.map(pick));
    return { ratio: middle((one) => one.ratio), ours: middle((one) => one.ours), floor: middle((one) => one.floor) };
  };
  return { rounds: pairs.length, of };
}

type Pair = Record<"ours" | "floor", Map<Operation, Sample>>;

async function takeTurns(ours: Contestant, floor: Contestant, round: Round, oursFirst: boolean): Promise<Pair> {
  const pair: Pair = { ours: new Map(), floor: new Map() };
  const both = [
    { name: "ours" as const, group: ours.group, run: await ours.side.prepare(round) },
    { name: "floor" as const, group: floor.group, run: await floor.side.prepare(round) },
  ];
  if (!oursFirst) both.reverse();
  for (const operation of operations) {
    for (const { name, group, run } of both) {
      pair[name].set(operation, await sample(run, group, operation, round.concurrency));
    }
  }
  return pair;
}

async function sample(run: Run, group: () => number, operation: Operation, concurrency: number): Promise<Sample> {
  const shots = run.shots(operation);
  const beforeMs = runtimeCpuMs(group());
  const load = await fire(shots, concurrency);
  const afterMs = runtimeCpuMs(group());
  await run.after?.(operation, load.bodies);
  const cpuMs = beforeMs === undefined || afterMs === undefined ? undefined : (afterMs - beforeMs) / shots.length;
  return { ...load, cpuMs };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
