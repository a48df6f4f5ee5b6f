import { expect } from "vitest";
import type { WaitingKind } from "../../../../src/domain/attention";
import type { Answer } from "../../../journey";
import { journey } from "../../checked";

/** A request that the list prints, and who sends it. */
export interface Step {
  by: string;
  operation: string | null;
  method: string | null;
  path: string;
  headers: Record<string, string> | null;
  body: Record<string, unknown> | null;
}

/** Something that waits, as the list prints it. */
export interface Entry {
  kind: WaitingKind;
  since: string;
  aggregateId: string;
  about: { kind: string; id: string; timeline: string | null };
  amount: number | null;
  currency: string | null;
  note: string | null;
  who: string[];
  byItself: { what: string; at: string | null };
  explanation: { code: string; call: { who: string; path: string } | null } | null;
  steps: Step[];
}

/** The credentials of a step's sender; everything else is printed with the step. */
export interface Sender {
  token?: string;
  headers?: Record<string, string>;
}

export const operator: Sender = { token: "admin_sandbox" };

/** Lists everything that waits. */
export async function entries(): Promise<Entry[]> {
  return (await journey.must(200, "GET", "/admin/attention", operator)).body.data.entries;
}

/** Returns the only entry of this kind. */
export async function entryOf(kind: WaitingKind): Promise<Entry> {
  const all = await entries();
  const found = all.filter((one) => one.kind === kind);
  expect(found, `of ${all.map((one) => one.kind)}`).toHaveLength(1);
  return found[0] as Entry;
}

export function stepOf({ steps }: Entry, operation: string): Step {
  const step = steps.find((one) => one.operation === operation);
  if (!step) throw new Error(`no step is ${operation}`);
  return step;
}

/** Sends a step as it is printed, and expects no refusal except the one that names the time to come again. */
export async function take(step: Step, { token, headers }: Sender = operator): Promise<Answer> {
  const answer = await journey.call(step.method ?? "", step.path, {
    headers: { ...headers, ...step.headers },
    ...(token === undefined ? {} : { token }),
    ...(step.body === null ? {} : { body: step.body }),
  });
  const isTooEarly = answer.status === 409 && answer.body.code === "too_early";
  if (!isTooEarly) expect(answer.status, `${step.operation}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer;
}
