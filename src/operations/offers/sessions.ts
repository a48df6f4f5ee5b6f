import { write } from "../../db/database";
import { deleteToken, insertToken } from "../../db/offers/tokens";
import { done, type Result } from "../../domain/result";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/** Adds a token for a user whose password was right. */
export async function logIn(deps: Deps, { userId, token }: Input<"log-in">): Promise<Result<null>> {
  const { hash, prefix, expiresAtMs } = token;
  await write(deps.db, [
    insertToken(deps.db, { hash, prefix, userId, createdAt: deps.nowMs(), expiresAt: expiresAtMs }),
  ]);
  return done;
}

/** Ends the one token that the request carried; the user's other tokens stay. */
export async function logOut(deps: Deps, { tokenHash }: Input<"log-out">): Promise<Result<null>> {
  await write(deps.db, [deleteToken(deps.db, tokenHash)]);
  return done;
}
