import type { Answer, Journey } from "../../journey";

export interface PlannedFault {
  match: string;
  kind: string;
  times: number;
}

/** The common results of a walk. */
export interface Walked {
  /** How often each fault happened. */
  fired: Map<string, number>;
  /** Everything unfinished at its end. */
  left: string[];
}

/** Plans those of the faults that match one of these calls. */
export async function plan(
  journey: Journey,
  faults: readonly PlannedFault[],
  isWanted: (match: string) => boolean,
): Promise<void> {
  for (const { match, kind, times } of faults) if (isWanted(match)) await journey.fault(match, kind, times);
}

/** Repeats a request while Stripe cannot be reached for it, at most ten times. */
export async function untilDone(request: () => Promise<Answer>): Promise<Answer[]> {
  const answers = [await request()];
  while (answers.length < 10 && (answers.at(-1)?.status ?? 0) >= 500) answers.push(await request());
  return answers;
}

/** Counts how often the faults happened, by what they match. */
export async function firedFaults(journey: Journey): Promise<Map<string, number>> {
  const { faults } = (await journey.control("GET", "faults")).body;
  const fired = new Map<string, number>();
  for (const fault of faults) if (fault.fired > 0) fired.set(fault.match, (fired.get(fault.match) ?? 0) + fault.fired);
  return fired;
}
