import { type ConnectedAccount, selectConnectedAccount } from "../../db/connected-accounts";
import type { Database } from "../../db/database";
import type { Refusal } from "../../domain/refusal";
import type { DeveloperCaller } from "./auth";

type Rows = readonly [readonly { account: ConnectedAccount }[]];

/** The account that a path names, if it is the caller's: nobody else's exists for them. */
export const ownAccount = {
  load: ({ db, params: { id = "" } }: { db: Database; params: Record<string, string> }) =>
    [selectConnectedAccount(db, id)] as const,
  find: ([[found]]: Rows): ConnectedAccount | Refusal => found?.account ?? "account_foreign",
  permit: (caller: DeveloperCaller, account: ConnectedAccount): Refusal | undefined =>
    ownOf(caller, account) ? undefined : "account_foreign",
};

/** The same where the body names it: whether the body is valid is told first, so the handler asks for the account. */
export const namedAccount = {
  load: ({ db, body }: { db: Database; body: { account_id?: string | null | undefined } | undefined }) =>
    [selectConnectedAccount(db, body?.account_id ?? "")] as const,
  find: ([[found]]: Rows) => ({ account: found?.account }),
};

/** The caller's account among what was found; undefined when it is another's, deleted, or nobody's. */
export function ownOf({ developer }: DeveloperCaller, account: ConnectedAccount | undefined) {
  return account?.developerId === developer.id && account.state !== "deleted" ? account : undefined;
}
