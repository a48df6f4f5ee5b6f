import { write } from "../../../db/database";
import { noteTokenUse as noteUse } from "../../../db/payments/developers";
import { done, type Result } from "../../../domain/result";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";

const hourMs = 60 * 60 * 1000;

/** Records that a token was used, once an hour at most, so that most reads write nothing. */
export async function noteTokenUse(deps: Deps, { hash }: Input<"note-token-use">): Promise<Result<null>> {
  const nowMs = deps.nowMs();
  await write(deps.db, [noteUse(deps.db, hash, { nowMs, unlessSinceMs: nowMs - hourMs })]);
  return done;
}
