import type { Database } from "../db/database";
import type { Result } from "../domain/result";
import type { Deps } from "./deps";

/**
 * How an answer is stored under an idempotency key without large texts, and printed again. A repeated request is equal to
 * the first, so what it says is taken from it; what it only names is read from its row, where it never changes.
 */
export interface Recall<Input, Output> {
  keep(output: Output): unknown;
  /** Puts back what was left out; an answer that was stored whole stays as it is. */
  again(kept: Output, input: Input, db: Database): Output | Promise<Output>;
}

/**
 * How a command is performed, and under which lock key: the id at the key's end chooses the sequencer. Without a key
 * there is no lock.
 */
export interface Operation<Input, Output> {
  run: (deps: Deps, input: Input) => Promise<Result<Output>>;
  key?: (input: Input) => string | undefined;
  /**
   * Its first change takes the idempotency key, in the same batch; without this a batch of its own reserves the key
   * before the operation. Only for an operation that writes, and calls for something to be done, after its first change.
   */
  takesKey?: true;
  /** The form in which its answer is stored; by default the answer itself. */
  recall?: Recall<Input, Output>;
  /** It brings something to a target state, so that after an interruption it can be done a second time at once. */
  repeatable?: true;
}

/** Makes a row of the table of operations. The command's input and output are those of `run`. */
export function operation<Output, Input = Record<never, never>>(
  run: (deps: Deps, input: Input) => Promise<Result<Output>>,
  how: Omit<Operation<NoInfer<Input>, NoInfer<Output>>, "run"> = {},
): Operation<Input, Output> {
  return { run, ...how };
}
