import type { NewMail } from "../../db/offers/mails";
import { deleteSessions, loadAccount } from "../../db/offers/tokens";
import { emailKey, type ProfileChanges, type User, updateUser } from "../../db/offers/users";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import { Conflict } from "../conflict";
import type { Deps } from "../deps";
import { endResetLinks, mailsOf } from "./mails";
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
 * the same batch (OWASP ASVS 5.0, 7.4.3 and 7.5.1), with the links that were mailed to reset the password. The user is
 * told by mail, at the old address of a changed one. Refuses `reauthentication_required`, `email_taken`, `phone_taken`.
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
  const told = mailsOf(deps, mailsAbout(user, changes));
  try {
    await appendChange(deps, positionOf(account), {
      name: "update-profile",
      actor: user.role,
      // The names of the members only, without their values, because the journal is kept for ever.
      data: { changed: Object.keys(changes) },
      rows: [
        ...updateUser(deps.db, user, columns),
        ...(isSensitive
          ? [deleteSessions(deps.db, userId, { except: sessionId }), endResetLinks(deps, userId), ...told.rows]
          : []),
      ],
    });
  } catch (error) {
    if (error instanceof Conflict && error.constraint.startsWith("user_")) return refuseTaken(error.constraint);
    throw error;
  }
  await told.send();
  const { passwordHash: _, ...visible } = columns;
  return success({ ...user, ...visible });
}

/** Tells whether a change is of what the user logs in with. */
function changesCredentials(user: User, changes: ProfileChanges): boolean {
  return changes.passwordHash !== undefined || changesEmail(user, changes);
}

function changesEmail(user: User, { email }: ProfileChanges): boolean {
  return email !== undefined && emailKey(email) !== emailKey(user.email);
}

/** The mails about a change: to the address that the user had so far, and the link for the new one. */
function mailsAbout(user: User, changes: ProfileChanges): NewMail[] {
  const { id: userId, email: address } = user;
  const { email = address, passwordHash } = changes;
  return [
    ...(passwordHash === undefined ? [] : [{ userId, kind: "password-changed", address } as const]),
    ...(changesEmail(user, changes)
      ? [{ userId, kind: "email-changed", address } as const, { userId, kind: "verify-email", address: email } as const]
      : []),
  ];
}

/** Returns the columns to change. Subscribing again refreshes the time; another e-mail is not verified yet. */
function columnsOf(user: User, { newsletterSubscribed, ...columns }: ProfileChanges, nowMs: number) {
  return {
    ...columns,
    ...(changesEmail(user, columns) ? { emailVerified: false } : {}),
    ...(newsletterSubscribed === undefined ? {} : { newsletterSubscribedAt: newsletterSubscribed ? nowMs : null }),
  };
}
