import { type LedgerAccount, move } from "../domain/ledger";
import { type Result, success } from "../domain/result";
import type { CallKind } from "../domain/stripe-call";
import { Rehearsed } from "./change";
import type { Rehearsal } from "./deps";
import { type Origin, once } from "./once";
import { type Command, type CommandName, commitment, lockKey, type Output, type PerformDeps, run } from "./operations";

/** The outcome for a caller: the result, and whether it is the stored one of an earlier request. */
export type Performed<N extends CommandName> = { result: Result<Output<N>>; replayed: boolean };

/**
 * Performs a command; this is the only way to run an operation, but for a rehearsal. A command with a lock key goes through the sequencer,
 * one at a time per key; without one it runs in place. With an idempotency key it is done at most once
 * (src/guides/decisions.md#keys).
 */
export async function perform<N extends CommandName>(
  deps: PerformDeps,
  command: Command<N>,
  origin: Origin,
): Promise<Performed<N>> {
  return once(deps, command, origin, commitment(command), (withReservation) =>
    lockKey(command) === undefined ? run(withReservation, command) : withReservation.runSerialized(command),
  );
}

/** The lines that follow when Stripe has done a step. Our fee of a payment is left out: Stripe says what comes back. */
const booked: Partial<Record<CallKind, { debit: LedgerAccount; credit: LedgerAccount }>> = {
  "create-refund": { debit: "client_payable", credit: "stripe_balance" },
  "reverse-transfer": { debit: "stripe_balance", credit: "expert_receivable" },
  "create-transfer": { debit: "expert_payable", credit: "stripe_balance" },
  "create-payment-refund": { debit: "seller_payable", credit: "seller_balance" },
};

/**
 * Runs a command up to its first change, and returns what it would do: the steps at Stripe, and the lines of the ledger
 * until they are done. Nothing is written, no key is reserved, no lock is held, and Stripe is not asked. `value` is the
 * command's result if it came so far.
 */
export async function rehearse<N extends CommandName>(
  deps: PerformDeps,
  command: Command<N>,
): Promise<Result<Rehearsal & { value?: Output<N> }>> {
  const rehearsal: Rehearsal = { steps: [], lines: [] };
  try {
    // After a restore of the database, Stripe would be asked first.
    const result = await run({ ...deps, rehearsal, restored: async () => undefined }, command);
    return result.ok ? success({ ...rehearsal, value: result.value }) : result;
  } catch (error) {
    if (!(error instanceof Rehearsed)) throw error;
  }
  const later = rehearsal.steps.flatMap(({ call, object, amountMinor, currency }) => {
    const accounts = booked[call];
    return accounts ? move(amountMinor, currency, { ...accounts, reference: object }) : [];
  });
  return success({ ...rehearsal, lines: [...rehearsal.lines, ...later] });
}
