import { runtimeCpuMs } from "./cpu.ts";
import { fire, type Load } from "./load.ts";
import { type Operation, operations, type Round, type Side } from "./sides.ts";

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
 * Alternates rounds of the two, turning their order each time, until the time is over: so a machine that is busy with
 * something else is busy for both, and only ratios within a round are compared. The first round of each warms up.
 */
export async function compare(ours: Contestant, floor: Contestant, round: Round, seconds: number): Promise<Comparison> {
  const pairs: { ours: Map<Operation, Sample>; floor: Map<Operation, Sample> }[] = [];
  await sample(ours, { ...round, count: round.concurrency });
  await sample(floor, { ...round, count: round.concurrency });
  const endMs = performance.now() + seconds * 1000;
  do {
    if (pairs.length % 2 === 0) {
      const first = await sample(ours, round);
      pairs.push({ ours: first, floor: await sample(floor, round) });
    } else {
      const first = await sample(floor, round);
      pairs.push({ ours: await sample(ours, round), floor: first });
    }
  } while (performance.now() < endMs && pairs.length < 20);

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

async function sample({ side, group }: Contestant, round: Round): Promise<Map<Operation, Sample>> {
  const samples = new Map<Operation, Sample>();
  await side.run(round, async (operation, shots) => {
    const beforeMs = runtimeCpuMs(group());
    const load = await fire(shots, round.concurrency);
    const afterMs = runtimeCpuMs(group());
    const cpuMs = beforeMs === undefined || afterMs === undefined ? undefined : (afterMs - beforeMs) / shots.length;
    samples.set(operation, { ...load, cpuMs });
    return load;
  });
  if (samples.size !== operations.length) throw new Error("an operation was left out");
  return samples;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
