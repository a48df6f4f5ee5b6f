import type { RestoreMark } from "../../db/restore-mark";
import { isId, timeOf } from "../../domain/id";
import type { Deps } from "../deps";

/** For how long Stripe is asked before it is told anything about what is older than the mark. */
const watchfulMs = 30 * 24 * 60 * 60 * 1000;

/**
 * The time that the database has lost, where an object with this id of ours may have been at work in it: it is older than
 * the mark. Undefined where the database was never put back, or so long ago that whoever asked has ended.
 */
export async function lostTimeOf(deps: Pick<Deps, "restored" | "nowMs">, id: string): Promise<RestoreMark | undefined> {
  const mark = await deps.restored();
  if (!mark || deps.nowMs() - mark.markedAtMs > watchfulMs) return undefined;
  return isId(id) && timeOf(id) < mark.markedAtMs ? mark : undefined;
}
