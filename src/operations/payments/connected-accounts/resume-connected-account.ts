import { loadConnectedAccount } from "../../../db/payments/connected-accounts";
import { done, type Result } from "../../../domain/result";
import type { Deps } from "../../deps";
import type { FollowUps } from "../../follow-ups";
import { openCall } from "./account-effects";
import { finishDeletion } from "./delete-connected-account";
import { finishOpening } from "./open-connected-account";

/**
 * Resumes the account's pending Stripe call, if there is one. Refuses `stripe_unavailable` while its outcome stays
 * unknown.
 */
export async function resumeConnectedAccount(
  deps: Deps,
  { id }: FollowUps["resume-connected-account"],
): Promise<Result<null>> {
  const aggregate = await loadConnectedAccount(deps.db, id);
  if (!aggregate) return done;
  const opening = openCall(aggregate, "create-connected-account");
  if (opening) {
    const opened = await finishOpening(deps, aggregate, opening, "clock");
    return opened.ok ? done : opened;
  }
  const deletion = openCall(aggregate, "delete-connected-account");
  return deletion ? finishDeletion(deps, aggregate, deletion, "clock") : done;
}
