import { type ExportCursor, loadExport } from "../../db/offers/export-profile";
import { loadAccount } from "../../db/offers/tokens";
import type { User } from "../../db/offers/users";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { positionOf } from "./sessions";

type Exported = { user: User } & Awaited<ReturnType<typeof loadExport>>;

/** Returns a part of what is kept about a user, and records in the user's journal that it was handed out. */
export async function exportProfile(
  deps: Deps,
  { userId, from }: { userId: string; from: ExportCursor },
): Promise<Result<Exported>> {
  const account = await loadAccount(deps.db, userId, deps.nowMs());
  if (!account || account.user.deletedAt !== null) return refuse("user_deleted");
  const part = await loadExport(deps.db, account.user, from, deps.nowMs());
  await appendChange(deps, positionOf(account), { name: "export-profile", actor: account.user.role, rows: [] });
  return success({ user: account.user, ...part });
}
