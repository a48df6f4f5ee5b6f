import { loadShopper, updatePaymentMethod } from "../../../db/payments/payment-methods";
import { type Result, refuse, success } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Input, Output } from "../../commands";
import type { Deps } from "../../deps";
import { takePreference } from "./preference";

/** Makes a method the one that pays when none is named. The same batch takes the preference from the others. */
export async function preferPaymentMethod(
  deps: Deps,
  { userId, id }: Input<"prefer-payment-method">,
): Promise<Result<Output<"prefer-payment-method">>> {
  const shopper = await loadShopper(deps.db, userId);
  const method = shopper.methods.find((one) => one.id === id);
  if (method?.state !== "active") return refuse("method_unknown");
  if (method.preferred) return success(method);
  const preferred = { ...method, preferred: true, updatedAt: deps.nowMs() };
  await appendChange(deps, shopper, {
    name: "prefer-payment-method",
    actor: "developer",
    data: { methodId: id },
    rows: [
      ...takePreference(deps, shopper, id),
      updatePaymentMethod(deps.db, method, { preferred: true, updatedAt: preferred.updatedAt }),
    ],
    answer: success(preferred),
  });
  return success(preferred);
}
