import { refusals } from "../../domain/refusal";
import type { Command } from "../commands";
import type { Deps } from "../deps";

/** Does what an event asks for. Refusals that time may heal are thrown, so that it is tried again; all others are its answer. */
export async function performForEvent(deps: Deps, command: Command): Promise<void> {
  const result = await deps.inOrder(command);
  if (result.ok) return;
  const isWaiting = result.refusal === "payment_incomplete" || result.refusal === "payment_processing";
  if (refusals[result.refusal].transient && !isWaiting) throw new Error(`${command.name}: ${result.refusal}`);
}
