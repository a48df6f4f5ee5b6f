import { transientRefusals } from "../../domain/refusal";
import type { Deps } from "../deps";
import type { FollowUp } from "../follow-ups";

/**
 * Performs an event's command and returns its value. Throws on a transient refusal, so that the event is tried again; any
 * other refusal ends the processing, and undefined is returned.
 */
export async function performForEvent(deps: Deps, command: FollowUp): Promise<unknown> {
  const result = await deps.runSerialized(command);
  if (result.ok) return result.value;
  const isWaiting = result.refusal === "payment_incomplete" || result.refusal === "payment_processing";
  if (transientRefusals.has(result.refusal) && !isWaiting) throw new Error(`${command.name}: ${result.refusal}`);
  return undefined;
}
