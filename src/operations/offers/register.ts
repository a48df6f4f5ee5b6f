import { commit } from "../../db/commit";
import { insertToken } from "../../db/offers/tokens";
import { insertUser } from "../../db/offers/users";
import { done, type Result, refuse } from "../../domain/result";
import { operatorAudience } from "../../domain/webhooks/event";
import type { HashedToken, Input } from "../commands";
import type { Deps } from "../deps";

/** Makes a client with a token that works at once. Refuses `email_taken`. */
export function registerClient(deps: Deps, input: Input<"register-client">): Promise<Result<null>> {
  const { email, passwordHash, newsletterSubscribed, token } = input;
  return register(deps, { role: "client", email, passwordHash }, { newsletterSubscribed, token });
}

/** Makes an expert with a token that works at once. Refuses `email_taken`, `phone_taken`. */
export function registerExpert(deps: Deps, input: Input<"register-expert">): Promise<Result<null>> {
  const { newsletterSubscribed, token, ...expert } = input;
  return register(deps, { role: "expert", ...expert }, { newsletterSubscribed, token });
}

type Person = { role: "client" | "expert"; email: string; passwordHash: string } & Partial<Input<"register-expert">>;

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
export function refuseTaken(conflict: string): Result<never> {
  if (conflict.startsWith("user_emails.")) return refuse("email_taken");
  if (conflict.startsWith("user_phones.")) return refuse("phone_taken");
  throw new Error(`unexpected conflict: ${conflict}`);
}
