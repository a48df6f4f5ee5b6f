import type { Result } from "../domain/result";
import { type Origin, once } from "./once";
import { type Command, type CommandName, lockKey, type Output, type PerformDeps, run } from "./operations";

/** The outcome for a caller: the result, and whether it is the stored one of an earlier request. */
export type Performed<N extends CommandName> = { result: Result<Output<N>>; replayed: boolean };

/**
 * Performs a command; this is the only way to run an operation. A command with a lock key goes through the sequencer,
 * one at a time per key; without one it runs in place. With an idempotency key it is done at most once
 * (src/guides/decisions.md#keys).
 */
export async function perform<N extends CommandName>(
  deps: PerformDeps,
  command: Command<N>,
  origin: Origin,
): Promise<Performed<N>> {
  return once(deps, command, origin, (withReservation) =>
    lockKey(command) === undefined ? run(withReservation, command) : withReservation.runSerialized(command),
  );
}
