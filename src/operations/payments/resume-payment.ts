import { loadPayment } from "../../db/payments/payments";
import { done, type Result } from "../../domain/result";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import { executeCall } from "./execute-call";

/** Resumes a pending call whose outcome is unknown. A settled call needs nothing. */
export async function resumePayment(
  deps: Deps,
  { paymentId, effectId }: Input<"resume-payment">,
): Promise<Result<null>> {
  const found = await loadPayment(deps.db, paymentId);
  const effect = found?.effects.find(({ id, state }) => id === effectId && state === "open");
  if (!found || !effect) return done;
  const result = await executeCall(deps, found, effect, { actor: "clock" });
  return result.ok ? done : result;
}
