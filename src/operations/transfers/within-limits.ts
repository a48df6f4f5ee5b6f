import type { Refusal } from "../../domain/refusal";
import { type Result, refuse } from "../../domain/result";
import { Conflict } from "../conflict";

/** The refusals that the constraints of a wallet stand for. */
const refusals: Partial<Record<string, Refusal>> = {
  wallets_debit_limit: "debit_limit_exceeded",
  wallets_balance_limit: "wallet_limit_exceeded",
};

/**
 * Runs a change of wallets. Their limits are constraints in the batch itself, so that nobody can bypass them between
 * reading and writing: a violated one becomes a refusal, and nothing was written.
 */
export async function withinLimits<T>(change: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await change();
  } catch (error) {
    const refusal = error instanceof Conflict ? refusals[error.constraint] : undefined;
    if (refusal === undefined) throw error;
    return refuse(refusal);
  }
}
