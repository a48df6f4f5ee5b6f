import { loadDueTransfers } from "../../db/due-transfers";
import type { Deps } from "../deps";
import { settleDue } from "./settle-due";

/**
 * The transfers' part of a sweep: hands on what expired and whom to tell, and settles the days that are over. Answers how
 * many transfers expired.
 */
export async function sweepTransfers(deps: Deps): Promise<number> {
  const { overdue, errands } = await loadDueTransfers(deps.db, deps.nowMs());
  await deps.dispatch(errands);
  await deps.nudge(overdue.map(({ reference }) => ({ name: "expire-transfer", input: { reference } })));
  await settleDue(deps);
  return overdue.length;
}
