import type { Contestant, Round, Run } from "./contestant.ts";
import { runtimeCpuMs } from "./cpu.ts";
import { fire, type Load } from "./load.ts";
import { median } from "./median.ts";

/** The measurement of one operation in one round of one side. */
interface Sample extends Load {
  /** The CPU time of the whole runtime per request; undefined if it cannot be read. */
  cpuMs: number | undefined;
}

/** The figures of a round's samples that are compared. */
type Figure = "perSecond" | "p50Ms" | "p99Ms" | "cpuMs";

export interface Compared {
  /** Median over the rounds of what is measured divided by the baseline of the same round. */
  ratio: number;
  measured: number;
  baseline: number;
}

export type Comparison<O extends string> = {
  rounds: number;
  of: (operation: O, figure: Figure) => Compared | undefined;
};

/** The side that is measured, and the baseline. */
export interface Pair<O extends string> {
  measured: Contestant<O>;
  baseline: Contestant<O>;
}

/**
 * Lets the two take turns until the time is over, operation by operation, each time in the other order: so a machine
 * that is busy with something else is busy for both, and only samples taken side by side are compared. One round warms
 * up.
 */
export async function compare<O extends string>(
  operations: readonly O[],
  pair: Pair<O>,
  round: Round,
  seconds: number,
): Promise<Comparison<O>> {
  await takeTurns(operations, pair, { ...round, count: round.concurrency }, true);
  const turns: Turn<O>[] = [];
  const endMs = performance.now() + seconds * 1000;
  do turns.push(await takeTurns(operations, pair, round, turns.length % 2 === 0));
  while (performance.now() < endMs && turns.length < 20);

  const of = (operation: O, figure: Figure): Compared | undefined => {
    const both = turns.flatMap((turn) => {
      const [a, b] = [turn.measured.get(operation)?.[figure], turn.baseline.get(operation)?.[figure]];
      return a === undefined || b === undefined || b === 0 ? [] : [{ measured: a, baseline: b, ratio: a / b }];
    });
    if (both.length === 0) return undefined;
    const middle = (member: keyof Compared) => median(both.map((one) => one[member]));
    return { ratio: middle("ratio"), measured: middle("measured"), baseline: middle("baseline") };
  };
  return { rounds: turns.length, of };
}

type Turn<O extends string> = Record<keyof Pair<O>, Map<O, Sample>>;

async function takeTurns<O extends string>(
  operations: readonly O[],
  { measured, baseline }: Pair<O>,
  round: Round,
  measuredFirst: boolean,
): Promise<Turn<O>> {
  const turn: Turn<O> = { measured: new Map(), baseline: new Map() };
  const both = [
    { name: "measured" as const, group: measured.group, run: await measured.side.prepare(round) },
    { name: "baseline" as const, group: baseline.group, run: await baseline.side.prepare(round) },
  ];
  if (!measuredFirst) both.reverse();
  for (const operation of operations) {
    for (const { name, group, run } of both) {
      turn[name].set(operation, await sample(run, group, operation, round.concurrency));
    }
  }
  return turn;
}

async function sample<O extends string>(
  run: Run<O>,
  group: () => number,
  operation: O,
  concurrency: number,
): Promise<Sample> {
  const shots = run.shots(operation);
  const beforeMs = runtimeCpuMs(group());
  const load = await fire(shots, concurrency);
  const afterMs = runtimeCpuMs(group());
  await run.after?.(operation, load.bodies);
  const cpuMs = beforeMs === undefined || afterMs === undefined ? undefined : (afterMs - beforeMs) / shots.length;
  return { ...load, cpuMs };
}
