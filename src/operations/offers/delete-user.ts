import { eraseUser, loadOpen } from "../../db/offers/delete-user";
import { selectPayoutAccount } from "../../db/offers/payout-accounts";
import { loadAccount } from "../../db/offers/tokens";
import { done, type Result, refuse } from "../../domain/result";
import { raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { isProved, type Proof, positionOf } from "./sessions";

/** The user, and who asks: the user with a proof, or an operator with a note. */
export type Deletion = { userId: string } & (Proof | { operator: string; note: string });

/**
 * Deletes a user whose money is at rest: personal data goes from every row in one batch, the books stay. What is open
 * and unpaid is ended first, each by its own operation, so that an interrupted deletion goes on when it is asked for
 * again. A page that is paid at that moment wins. Refuses `user_unknown`, `reauthentication_required`,
 * `money_underway`, and `busy` while more is left to end than one request ends.
 */
export async function deleteUser(deps: Deps, deletion: Deletion, rounds = 3): Promise<Result<null>> {
  const { userId } = deletion;
  const account = await loadAccount(deps.db, userId, deps.nowMs());
  if (!account) return refuse("user_unknown");
  if (account.user.deletedAt !== null) return done;
  const isOperator = "operator" in deletion;
  if (!isOperator && !isProved(account, deletion, deps.nowMs())) return refuse("reauthentication_required");

  const { awaited, open } = await loadOpen(deps.db, account.user);
  if (awaited.length > 0) return refuse("money_underway", undefined, { waiting: awaited });
  for (const { testimonyId, offerId } of open) {
    const ended = await deps.runSerialized(
      offerId === null
        ? { name: "end-testimony", input: { testimonyId, userId } }
        : { name: "withdraw-offer", input: { testimonyId, offerId, userId } },
    );
    if (!ended.ok && ended.refusal === "stripe_unavailable") return refuse("busy", ended.detail);
  }
  if (open.length > 0) return rounds > 0 ? deleteUser(deps, deletion, rounds - 1) : refuse("busy");

  const [[payoutAccount]] = await deps.db.batch([selectPayoutAccount(deps.db, userId)]);
  const { stripeAccountId: aboutId } = payoutAccount ?? {};
  const left = { kind: "account_left_open", aboutKind: "account" } as const;
  await appendChange(deps, positionOf(account), {
    name: "delete-user",
    actor: isOperator ? "operator" : account.user.role,
    ...(isOperator ? { data: { operator: deletion.operator, note: deletion.note } } : {}),
    rows: [
      ...eraseUser(deps.db, account.user, deps.nowMs()),
      ...(aboutId ? [raise(deps, userId, { ...left, aboutId })] : []),
    ],
    answer: done,
  });
  return done;
}
