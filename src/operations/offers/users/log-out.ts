import { write } from "../../../db/database";
import { deleteToken } from "../../../db/offers/tokens";
import { done, type Result } from "../../../domain/result";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";

/** Ends the one token that the request carried; the user's other tokens stay. */
export async function logOut(deps: Deps, { tokenHash }: Input<"log-out">): Promise<Result<null>> {
  await write(deps.db, [deleteToken(deps.db, tokenHash)]);
  return done;
}
