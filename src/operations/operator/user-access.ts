import type { Statement } from "../../db/database";
import { type Account, deleteSessions, loadAccount } from "../../db/offers/tokens";
import { setSuspended } from "../../db/offers/users";
import { done, type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { positionOf } from "../offers/sessions";

/** An operator's decision about a user, with its reason. */
interface UserVerdict {
  userId: string;
  operator: string;
  note: string;
}

/**
 * Keeps a user out: all sessions end and no login is possible. Money that is underway goes on. Doing it again ends the
 * sessions again and keeps the first moment. Refuses `user_unknown`.
 */
export function suspendUser(deps: Deps, verdict: UserVerdict): Promise<Result<null>> {
  return act(deps, "suspend-user", verdict, ({ user: { id, suspendedAt } }) => [
    setSuspended(deps.db, id, suspendedAt ?? deps.nowMs()),
    deleteSessions(deps.db, id),
  ]);
}

/** Lets a suspended user in again, with a new login. Refuses `user_unknown`. */
export function restoreUser(deps: Deps, verdict: UserVerdict): Promise<Result<null>> {
  return act(deps, "restore-user", verdict, ({ user: { id } }) => [setSuspended(deps.db, id, null)]);
}

/** Ends all sessions of a user, who may log in again. Refuses `user_unknown`. */
export function endUserSessions(deps: Deps, verdict: UserVerdict): Promise<Result<null>> {
  return act(deps, "end-user-sessions", verdict, ({ user: { id } }) => [deleteSessions(deps.db, id)]);
}

/**
 * Returns a user with the sessions, and records in the user's journal that the operator has seen the personal data.
 * Refuses `user_unknown`.
 */
export function viewUser(
  deps: Deps,
  { userId, operator }: Pick<UserVerdict, "userId" | "operator">,
): Promise<Result<Account>> {
  return record(deps, "view-user", { userId, operator }, () => []);
}

async function act(
  deps: Deps,
  name: string,
  verdict: UserVerdict,
  rowsOf: (account: Account) => Statement[],
): Promise<Result<null>> {
  const recorded = await record(deps, name, verdict, rowsOf);
  return recorded.ok ? done : recorded;
}

async function record(
  deps: Deps,
  name: string,
  { userId, ...data }: Omit<UserVerdict, "note"> & Partial<UserVerdict>,
  rowsOf: (account: Account) => Statement[],
): Promise<Result<Account>> {
  const account = await loadAccount(deps.db, userId, deps.nowMs());
  if (!account) return refuse("user_unknown");
  const rows = rowsOf(account);
  await appendChange(deps, positionOf(account), { name, actor: "operator", data, rows, answer: done });
  return success(account);
}
