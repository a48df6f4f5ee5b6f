import { deleteSessions, loadAccount } from "../../db/offers/tokens";
import { emailKey, type ProfileChanges, type User, updateUser } from "../../db/offers/users";
import { type Result, refuse, success } from "../../domain/result";
import { minuteMs } from "../../domain/time";
import { appendChange } from "../change";
import { Conflict } from "../conflict";
import type { Deps } from "../deps";
import { refuseTaken } from "./register-user";
import { positionOf } from "./sessions";

/** For so long after a login, it counts as the proof that changing e-mail or password wants. */
const freshLoginMs = 15 * minuteMs;

/** A profile's changes, and who asks for them. */
export interface ProfileUpdate {
  userId: string;
  /** The session that the request came in. */
  sessionId: string;
  changes: ProfileChanges;
  /** The hash that the sent password was compared with and equals; undefined if none was sent. */
  provedHash?: string;
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
  const isSensitive = changesCredentials(user, changes);
  const session = account.sessions.find(({ id }) => id === sessionId);
  const isProved =
    update.provedHash === undefined
      ? session !== undefined && nowMs - session.createdAt <= freshLoginMs
      : update.provedHash === account.passwordHash;
  if (isSensitive && !isProved) return refuse("reauthentication_required");
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
