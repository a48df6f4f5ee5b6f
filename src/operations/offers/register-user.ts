import { commit } from "../../db/commit";
import { insertToken } from "../../db/offers/tokens";
import { insertUser, type RegisteredExpert } from "../../db/offers/users";
import { type Result, refuse, success } from "../../domain/result";
import { operatorAudience } from "../../domain/webhooks/event";
import type { Deps } from "../deps";
import { mailsOf } from "./mails";
import { type NewSession, sessionRow } from "./sessions";

/** Passwords and tokens arrive hashed: an operation never sees a secret. */
interface NewClient {
  email: string;
  passwordHash: string;
  newsletterSubscribed: boolean;
  session: NewSession;
}

type NewExpert = NewClient & RegisteredExpert;

/** Makes a client with a token that works at once, and returns its id. Refuses `email_taken`. */
export function registerClient(deps: Deps, input: NewClient): Promise<Result<string>> {
  const { email, passwordHash, newsletterSubscribed, session } = input;
  return register(deps, { role: "client", email, passwordHash }, { newsletterSubscribed, session });
}

/** Makes an expert with a token that works at once, and returns its id. Refuses `email_taken`, `phone_taken`. */
export function registerExpert(deps: Deps, input: NewExpert): Promise<Result<string>> {
  const { newsletterSubscribed, session, ...expert } = input;
  return register(deps, { role: "expert", ...expert }, { newsletterSubscribed, session });
}

type Person = { role: "client" | "expert"; email: string; passwordHash: string } & Partial<NewExpert>;

/**
 * Writes a new user, the directory rows and the first token in one batch, so that a taken e-mail or phone leaves
 * nothing behind. The link that verifies the e-mail is mailed afterwards.
 */
async function register(
  deps: Deps,
  person: Person,
  { newsletterSubscribed, session }: { newsletterSubscribed: boolean; session: NewSession },
): Promise<Result<string>> {
  const userId = deps.newId();
  const now = deps.nowMs();
  const told = mailsOf(deps, [{ userId, kind: "verify-email", address: person.email }]);
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
      insertToken(deps.db, sessionRow(deps, userId, session)),
      ...told.rows,
    ],
  });
  if (!committed.ok) return refuseTaken(committed.conflict);
  await told.send();
  return success(userId);
}

/** Makes the refusal for the directory that has the value already. Throws on any other constraint, which is a bug. */
export function refuseTaken(conflict: string): Result<never> {
  if (conflict.startsWith("user_emails.")) return refuse("email_taken");
  if (conflict.startsWith("user_phones.")) return refuse("phone_taken");
  throw new Error(`unexpected conflict: ${conflict}`);
}
