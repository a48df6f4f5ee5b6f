import type { Database } from "../../db/database";
import { type ConnectedAccount, selectConnectedAccount } from "../../db/payments/connected-accounts";
import type { Refusal } from "../../domain/refusal";
import type { DeveloperCaller } from "./auth";

type Rows = readonly [readonly { account: ConnectedAccount }[]];

/** Finds the account that a path names. Another developer's account counts as unknown. */
export const ownAccount = {
  load: ({ db, params: { id = "" } }: { db: Database; params: Record<string, string> }) =>
    [selectConnectedAccount(db, id)] as const,
  find: ([[found]]: Rows): ConnectedAccount | Refusal => found?.account ?? "account_foreign",
  permit: (caller: DeveloperCaller, account: ConnectedAccount): Refusal | undefined =>
    ownOf(caller, account) ? undefined : "account_foreign",
};

/** Finds the account that the body names. The handler checks the owner, because the body's own problems come first. */
export const namedAccount = {
  load: ({ db, body }: { db: Database; body: { account_id?: string | null | undefined } | undefined }) =>
    [selectConnectedAccount(db, body?.account_id ?? "")] as const,
  find: ([[found]]: Rows) => ({ account: found?.account }),
};

/** Returns the account if it is the caller's; undefined if it is another's, deleted or unknown. */
export function ownOf({ developer }: DeveloperCaller, account: ConnectedAccount | undefined) {
  return account?.developerId === developer.id && account.state !== "deleted" ? account : undefined;
}
