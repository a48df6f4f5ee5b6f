import { commit } from "../../db/commit";
import { write } from "../../db/database";
import { deleteToken, insertToken } from "../../db/offers/tokens";
import {
  insertUser,
  loadUser,
  type ProfileChanges,
  type RegisteredExpert,
  type User,
  updateUser,
} from "../../db/offers/users";
import { done, type Result, refuse, success } from "../../domain/result";
import { operatorAudience } from "../../domain/webhooks/event";
import type { Deps } from "../deps";

/** A token as it is stored, and when it ends. */
export interface HashedToken {
  hash: string;
  prefix: string;
  expiresAtMs: number;
}

/** Passwords and tokens arrive hashed: an operation never sees a secret. */
interface NewClient {
  email: string;
  passwordHash: string;
  newsletterSubscribed: boolean;
  token: HashedToken;
}

type NewExpert = NewClient & RegisteredExpert;

/** Makes a client with a token that works at once. Refuses `email_taken`. */
export function registerClient(deps: Deps, input: NewClient): Promise<Result<null>> {
  const { email, passwordHash, newsletterSubscribed, token } = input;
  return register(deps, { role: "client", email, passwordHash }, { newsletterSubscribed, token });
}

/** Makes an expert with a token that works at once. Refuses `email_taken`, `phone_taken`. */
export function registerExpert(deps: Deps, input: NewExpert): Promise<Result<null>> {
  const { newsletterSubscribed, token, ...expert } = input;
  return register(deps, { role: "expert", ...expert }, { newsletterSubscribed, token });
}

type Person = { role: "client" | "expert"; email: string; passwordHash: string } & Partial<NewExpert>;

/**
 * Writes a new user, the directory rows and the first token in one batch, so that a taken e-mail or phone leaves
 * nothing behind.
 */
async function register(
  deps: Deps,
  person: Person,
  { newsletterSubscribed, token }: { newsletterSubscribed: boolean; token: HashedToken },
): Promise<Result<null>> {
  const userId = deps.newId();
  const now = deps.nowMs();
  const committed = await commit(deps.db, {
    aggregateId: userId,
    version: 1,
    changeId: deps.newId(),
    tenant: userId,
    audience: operatorAudience,
    name: person.role === "client" ? "register-client" : "register-expert",
    actor: person.role,
    atMs: now,
    requestId: deps.requestId,
    rows: [
      ...insertUser(deps.db, {
        ...person,
        id: userId,
        emailVerified: false,
        newsletterSubscribedAt: newsletterSubscribed ? now : null,
        termsAgreedAt: now,
        createdAt: now,
      }),
      insertToken(deps.db, {
        hash: token.hash,
        prefix: token.prefix,
        userId,
        createdAt: now,
        expiresAt: token.expiresAtMs,
      }),
    ],
  });
  return committed.ok ? done : refuseTaken(committed.conflict);
}

/** Makes the refusal for the directory that has the value already. Throws on any other constraint, which is a bug. */
function refuseTaken(conflict: string): Result<never> {
  if (conflict.startsWith("user_emails.")) return refuse("email_taken");
  if (conflict.startsWith("user_phones.")) return refuse("phone_taken");
  throw new Error(`unexpected conflict: ${conflict}`);
}

/** Adds a token for a user whose password was right. */
export async function logIn(
  deps: Deps,
  { userId, token }: { userId: string; token: HashedToken },
): Promise<Result<null>> {
  const { hash, prefix, expiresAtMs } = token;
  await write(deps.db, [
    insertToken(deps.db, { hash, prefix, userId, createdAt: deps.nowMs(), expiresAt: expiresAtMs }),
  ]);
  return done;
}

/** Ends the one token that the request carried; the user's other tokens stay. */
export async function logOut(deps: Deps, { tokenHash }: { tokenHash: string }): Promise<Result<null>> {
  await write(deps.db, [deleteToken(deps.db, tokenHash)]);
  return done;
}

/**
 * Changes what the caller sent and nothing else. A change that loses a race against another reads again, once. Refuses
 * `email_taken`, `phone_taken`.
 */
export async function updateProfile(
  deps: Deps,
  { userId, changes }: { userId: string; changes: ProfileChanges },
): Promise<Result<User>> {
  const first = await attempt(deps, userId, changes);
  const second = first === "raced" ? await attempt(deps, userId, changes) : first;
  if (second === "raced") throw new Error("two other profile changes in a row");
  return second;
}

async function attempt(deps: Deps, userId: string, changes: ProfileChanges): Promise<Result<User> | "raced"> {
  const loaded = await loadUser(deps.db, userId);
  if (!loaded) throw new Error("an authenticated user has no row");
  const { user, version } = loaded;
  const now = deps.nowMs();
  const columns = columnsOf(changes, now);
  if (Object.keys(columns).length === 0) return success(user);
  const committed = await commit(deps.db, {
    aggregateId: userId,
    version: version + 1,
    changeId: deps.newId(),
    tenant: userId,
    audience: operatorAudience,
    name: "update-profile",
    actor: user.role,
    atMs: now,
    requestId: deps.requestId,
    // The names of the members only, without their values, because the journal is kept for ever.
    data: { changed: Object.keys(changes) },
    rows: updateUser(deps.db, user, columns),
  });
  if (committed.ok) {
    const { passwordHash: _, ...visible } = columns;
    return success({ ...user, ...visible });
  }
  return committed.conflict.startsWith("journal.") ? "raced" : refuseTaken(committed.conflict);
}

/** Returns the columns to change. Subscribing again refreshes the time. */
function columnsOf({ newsletterSubscribed, ...columns }: ProfileChanges, nowMs: number) {
  if (newsletterSubscribed === undefined) return columns;
  return { ...columns, newsletterSubscribedAt: newsletterSubscribed ? nowMs : null };
}
