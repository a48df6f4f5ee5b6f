import { loadShopper } from "../../../db/payments/payment-methods";
import { done, type Result } from "../../../domain/result";
import type { Deps } from "../../deps";
import type { FollowUps } from "../../follow-ups";
import { finishAttaching } from "./finish-attaching";
import { finishRemoving } from "./remove-payment-method";

/** Resumes every pending Stripe call of a shopper, at the request of the sweep or of a command that met one. */
export async function resumeShopper(deps: Deps, { userId }: FollowUps["resume-shopper"]): Promise<Result<null>> {
  const { openEffects } = await loadShopper(deps.db, userId);
  for (const { id } of openEffects) await resume(deps, userId, id);
  return done;
}

async function resume(deps: Deps, userId: string, effectId: string): Promise<void> {
  const shopper = await loadShopper(deps.db, userId);
  const effect = shopper.openEffects.find(({ id }) => id === effectId);
  const method = shopper.methods.find(({ id }) => id === effect?.subjectId);
  if (!effect || !method) throw new Error(`no payment method waits for call ${effectId}`);
  if (method.state === "removing") await finishRemoving(deps, shopper, method, effect);
  else await finishAttaching(deps, shopper, method);
}
