import { deleteSessions, loadAccount } from "../../db/offers/tokens";
import { emailKey, type ProfileChanges, type User, updateUser } from "../../db/offers/users";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import { Conflict } from "../conflict";
import type { Deps } from "../deps";
import { refuseTaken } from "./register-user";
import { isProved, type Proof, positionOf } from "./sessions";

/** A profile's changes, and who asks for them. */
export interface ProfileUpdate extends Proof {
  userId: string;
  changes: ProfileChanges;
}

/**
 * Changes what the caller sent and nothing else. Another e-mail or password wants the present password or a login of
 * the last fifteen minutes, because a stolen token must not become the account, and ends the user's other sessions in
 * the same batch (OWASP ASVS 5.0, 7.4.3 and 7.5.1). Refuses `reauthentication_required`, `email_taken`, `phone_taken`.
 */
export async function updateProfile(deps: Deps, update: ProfileUpdate): Promise<Result<User>> {
  const { userId, sessionId, changes } = update;
  const nowMs = deps.nowMs();
  const account = await loadAccount(deps.db, userId, nowMs);
  if (!account) throw new Error("an authenticated user has no row");
  const { user } = account;
  if (user.deletedAt !== null) return refuse("user_deleted");
  const isSensitive = changesCredentials(user, changes);
  if (isSensitive && !isProved(account, update, nowMs)) return refuse("reauthentication_required");
  const columns = columnsOf(user, changes, nowMs);
  if (Object.keys(columns).length === 0) return success(user);
  try {
    await appendChange(deps, positionOf(account), {
      name: "update-profile",
      actor: user.role,
      // The names of the members only, without their values, because the journal is kept for ever.
      data: { changed: Object.keys(changes) },
      rows: [
        ...updateUser(deps.db, user, columns),
        ...(isSensitive ? [deleteSessions(deps.db, userId, { except: sessionId })] : []),
      ],
    });
  } catch (error) {
    if (error instanceof Conflict && error.constraint.startsWith("user_")) return refuseTaken(error.constraint);
    throw error;
  }
  const { passwordHash: _, ...visible } = columns;
  return success({ ...user, ...visible });
}

/** Tells whether a change is of what the user logs in with. */
function changesCredentials(user: Pick<User, "email">, { email, passwordHash }: ProfileChanges): boolean {
  return passwordHash !== undefined || (email !== undefined && emailKey(email) !== emailKey(user.email));
}

/** Returns the columns to change. Subscribing again refreshes the time; another e-mail is not verified yet. */
function columnsOf(user: User, { newsletterSubscribed, ...columns }: ProfileChanges, nowMs: number) {
  const isOther = columns.email !== undefined && emailKey(columns.email) !== emailKey(user.email);
  return {
    ...columns,
    ...(isOther ? { emailVerified: false } : {}),
    ...(newsletterSubscribed === undefined ? {} : { newsletterSubscribedAt: newsletterSubscribed ? nowMs : null }),
  };
}
