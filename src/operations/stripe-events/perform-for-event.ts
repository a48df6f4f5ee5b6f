import { refusals } from "../../domain/refusal";
import type { Command } from "../commands";
import type { Deps } from "../deps";

/**
 * Performs an event's command and returns its value. Throws on a transient refusal, so that the event is tried again; any
 * other refusal ends the processing, and undefined is returned.
 */
export async function performForEvent(deps: Deps, command: Command): Promise<unknown> {
  const result = await deps.runSerialized(command);
  if (result.ok) return result.value;
  const isWaiting = result.refusal === "payment_incomplete" || result.refusal === "payment_processing";
  if (refusals[result.refusal].transient && !isWaiting) throw new Error(`${command.name}: ${result.refusal}`);
  return undefined;
}
