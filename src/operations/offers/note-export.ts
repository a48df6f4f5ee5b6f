import { loadAccount } from "../../db/offers/tokens";
import { done, type Result, refuse } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { positionOf } from "./sessions";

/** Records in the user's journal that a part of what is kept about the user was handed out. */
export async function noteExport(deps: Deps, { userId }: { userId: string }): Promise<Result<null>> {
  const account = await loadAccount(deps.db, userId, deps.nowMs());
  if (!account) return refuse("user_unknown");
  await appendChange(deps, positionOf(account), { name: "export-profile", actor: account.user.role, rows: [] });
  return done;
}
