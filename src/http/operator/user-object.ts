import * as z from "zod";
import type { Database } from "../../db/database";
import type { Account } from "../../db/offers/tokens";
import { type User, usersById } from "../../db/offers/users";
import { madeOnce } from "../../domain/made-once";
import { forDescription } from "../described";
import { userObject as ownView, toUser } from "../offers/user-object";

const instant = forDescription(() => z.iso.datetime());
const noteMax = 500;

/** A user in a list: enough to recognise the person, with e-mail and phone masked. */
export const listedUserObject = forDescription(() =>
  z
    .strictObject({
      id: z.string(),
      role: z.enum(["client", "expert"]),
      email: z.string().meta({ description: "Masked.", example: "j…@example.com" }),
      phone: z.string().nullable().meta({ description: "Masked.", example: "…456" }),
      suspendedAt: instant.nullable(),
      deletedAt: instant.nullable(),
      createdAt: instant,
    })
    .meta({ id: "ListedUser" }),
);

/** A user as an operator sees one. */
export const viewedUserObject = forDescription(() =>
  z
    .strictObject({
      id: z.string(),
      ...ownView.omit({ bankAccount: true }).shape,
      bankAccount: z.strictObject({ iban: z.string().meta({ description: "Masked." }) }).nullable(),
      dateOfBirth: z.string().nullable(),
      registrationNumber: z.string().nullable(),
      suspendedAt: instant.nullable(),
      deletedAt: instant.nullable(),
      createdAt: instant,
      sessions: z.array(
        z.strictObject({
          id: z.string(),
          tokenPrefix: z.string(),
          createdAt: instant,
          lastUsedAt: instant,
          network: z.string(),
          expiresAt: instant,
        }),
      ),
    })
    .meta({ id: "ViewedUser" }),
);

export const userParams = madeOnce(() =>
  z.object({ id: z.string().meta(forDescription(() => ({ description: "Id of the user." }))) }),
);

/** The body of an operator's verb that needs only a reason. */
export const noteBody = madeOnce(() => z.object({ note: z.string().min(1).max(noteMax) }));

/** The look-up of the user whom the path names. */
export const namedUser = {
  load: ({ db, params: { id = "" } }: { db: Database; params: Record<string, string> }) =>
    [usersById(db, [id])] as const,
  find: ([[user]]: readonly [readonly User[]]) => user ?? ("user_unknown" as const),
};

export function toListedUser({ id, role, email, phone, suspendedAt, deletedAt, createdAt }: User) {
  return {
    id,
    role,
    email: email.replace(/^(.)[^@]*/u, "$1…"),
    phone: phone && masked(phone),
    suspendedAt: iso(suspendedAt),
    deletedAt: iso(deletedAt),
    createdAt: new Date(createdAt).toISOString(),
  };
}

export function toViewedUser({ user, sessions }: Account) {
  const { id, bankAccount, dateOfBirth, registrationNumber, suspendedAt, deletedAt, createdAt } = user;
  return {
    id,
    ...toUser(user),
    bankAccount: bankAccount && { iban: masked(bankAccount.iban) },
    dateOfBirth,
    registrationNumber,
    suspendedAt: iso(suspendedAt),
    deletedAt: iso(deletedAt),
    createdAt: new Date(createdAt).toISOString(),
    sessions: sessions.map(({ id, prefix, createdAt, usedAt, network, expiresAt }) => ({
      id,
      tokenPrefix: prefix,
      createdAt: new Date(createdAt).toISOString(),
      lastUsedAt: new Date(usedAt).toISOString(),
      network,
      expiresAt: new Date(expiresAt).toISOString(),
    })),
  };
}

function masked(text: string): string {
  return `…${text.slice(-3)}`;
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
