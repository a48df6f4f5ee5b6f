import { write } from "../../../db/database";
import { insertToken } from "../../../db/offers/tokens";
import { done, type Result } from "../../../domain/result";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";

/** Adds a token for a user whose password was right. */
export async function logIn(deps: Deps, { userId, token }: Input<"log-in">): Promise<Result<null>> {
  const { hash, prefix, expiresAtMs } = token;
  await write(deps.db, [
    insertToken(deps.db, { hash, prefix, userId, createdAt: deps.nowMs(), expiresAt: expiresAtMs }),
  ]);
  return done;
}
