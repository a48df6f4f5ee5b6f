import { isOpenedBy, mailById } from "../../db/offers/mails";
import { deleteSessions, loadAccount } from "../../db/offers/tokens";
import { updateUser } from "../../db/offers/users";
import type { MailKind } from "../../domain/offers/mail";
import { done, type Result, refuse } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { endResetLinks, mailsOf } from "./mails";
import { positionOf } from "./sessions";

/** A link of a mail, by the hash of its secret. */
interface Link {
  userId: string;
  linkHash: string;
}

/**
 * Sets the password that the owner of the mailed link has chosen. In the same batch the link and all sessions end, so
 * that of two uses at once one is refused. Refuses `reset_refused`.
 */
export async function resetPassword(
  deps: Deps,
  { passwordHash, ...link }: Link & { passwordHash: string },
): Promise<Result<null>> {
  const opened = await open(deps, "reset-password", link);
  if (!opened || opened.user.suspendedAt !== null) return refuse("reset_refused");
  const { user, sessions } = opened;
  const told = mailsOf(deps, [{ userId: user.id, kind: "password-changed", address: user.email }]);
  await appendChange(deps, positionOf(opened), {
    name: "reset-password",
    actor: user.role,
    data: { sessions: sessions.length },
    rows: [
      ...updateUser(deps.db, user, { passwordHash }),
      deleteSessions(deps.db, user.id),
      endResetLinks(deps, user.id),
      ...told.rows,
    ],
  });
  await told.send();
  return done;
}

/** Records that a user reads the mail of the own e-mail. Refuses `link_invalid`, `email_verified`. */
export async function verifyEmail(deps: Deps, link: Link): Promise<Result<null>> {
  const opened = await open(deps, "verify-email", link);
  if (!opened) return refuse("link_invalid");
  const { user } = opened;
  if (user.emailVerified) return refuse("email_verified");
  await appendChange(deps, positionOf(opened), {
    name: "verify-email",
    actor: user.role,
    rows: updateUser(deps.db, user, { emailVerified: true }),
  });
  return done;
}

/** Finds the user whom a link of this kind belongs to. Returns undefined if the link does not work. */
async function open(deps: Deps, kind: MailKind, { userId, linkHash }: Link) {
  const nowMs = deps.nowMs();
  const [[mail]] = await deps.db.batch([mailById(deps.db, { userId, id: kind })]);
  return mail && isOpenedBy(mail, linkHash, nowMs) ? loadAccount(deps.db, userId, nowMs) : undefined;
}
