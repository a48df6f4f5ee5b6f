import type { Statement } from "../../db/database";
import {
  claimMail,
  deleteMail,
  insertMail,
  type MailKey,
  mailById,
  mailRow,
  markMailSent,
  type NewMail,
  ownerOfEmail,
} from "../../db/offers/mails";
import { type MailKind, mailPauseMs } from "../../domain/offers/mail";
import { done, type Result } from "../../domain/result";
import type { Deps } from "../deps";
import type { FollowUps } from "../follow-ups";

/** Mails of a change: rows for its batch, and what sends them once it is written. */
interface Mails {
  rows: Statement[];
  send: () => Promise<void>;
}

/**
 * Writes mails down with the change that they tell of, and hands them to the queue after it. A lost message costs delay
 * only: the sweep finds the rows. Without a mailer there are no rows, and the log says so.
 */
export function mailsOf(deps: Deps, mails: readonly NewMail[]): Mails {
  const rows = deps.mailer ? mails.map((mail) => mailRow(mail, deps.nowMs(), deps.newId)) : [];
  if (rows.length < mails.length) deps.log.warn("mailer_missing", { mails: mails.map(({ kind }) => kind) });
  return {
    rows: rows.map((row) => insertMail(deps.db, row)),
    send: () => deps.enqueueCommands(rows.map(({ userId, id }) => ({ name: "send-mail", input: { userId, id } }))),
  };
}

/**
 * Mails a link to the owner of an e-mail, if it has one who needs it. It runs in the queue only: whoever asked has had
 * the answer by then, which is the same for every e-mail.
 */
export async function requestMail(deps: Deps, { kind, email }: FollowUps["request-mail"]): Promise<Result<null>> {
  const [[owner]] = await deps.db.batch([ownerOfEmail(deps.db, email)]);
  if (!owner || owner.suspendedAt !== null || (kind === "verify-email" && owner.emailVerified)) return done;
  if (!deps.mailer) {
    deps.log.warn("mailer_missing", { mails: [kind] });
    return done;
  }
  const nowMs = deps.nowMs();
  const row = mailRow({ ...owner, kind }, nowMs, deps.newId);
  const [[written]] = await deps.db.batch([insertMail(deps.db, row, nowMs - mailPauseMs)]);
  return written ? sendMail(deps, written) : done;
}

/**
 * Makes one attempt to send a mail. The attempt is written down before, with the hash of its link, so that a mail that
 * went out works whatever happened next; a failed one is made again after a while. Every link of a mail works, because a
 * failure can be a lost answer. A mail that has expired is given up with a line in the log, and is no case for the
 * operator's list: nobody can act on it, the person asks again, and a mailer that is down would fill the list with one
 * entry for each of them.
 */
export async function sendMail(deps: Deps, key: MailKey): Promise<Result<null>> {
  const { db, log, mailer } = deps;
  const nowMs = deps.nowMs();
  const [[mail]] = await db.batch([mailById(db, key)]);
  if (!mail || mail.sentAt !== null || nowMs < mail.dueAt) return done;
  const { kind, attempts } = mail;
  if (!mailer || nowMs >= mail.expiresAt) {
    await db.batch([deleteMail(db, mail)]);
    log.warn(mailer ? "mail_given_up" : "mailer_missing", { kind, attempts });
    return done;
  }
  const letter = await mailer.write(mail);
  const [[claimed]] = await db.batch([claimMail(db, mail, letter.linkHash, nowMs)]);
  if (!claimed) return done;
  try {
    await mailer.send(letter, [mail.userId, mail.id, mail.createdAt, claimed.attempts].join("."));
  } catch (error) {
    log.error("mail_not_sent", error, { kind, attempts: claimed.attempts });
    return done;
  }
  await db.batch([markMailSent(db, { ...mail, ...claimed }, nowMs)]);
  log.info("mail_sent", { kind, attempts: claimed.attempts });
  return done;
}

/** Statement: ends the links that a user was mailed to reset the password. */
export function endResetLinks({ db }: Deps, userId: string): Statement {
  return deleteMail(db, { userId, id: "reset-password" satisfies MailKind });
}
