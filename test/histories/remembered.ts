import type { DueRow } from "./due-rows";

/** The facts from before a step that the checks after it need. */
export interface Memory {
  /** The rest of each charge of the platform, by its id. */
  left: Map<string, number>;
  transfers: Set<string>;
  /** Accepted testimonies. */
  accepted: Set<string>;
  /** Refunds that ever succeeded, on connected accounts too. */
  onceSucceeded: Set<string>;
  /** Refunds of payments of which we knew that they had failed. */
  knownToHaveFailed: Set<string>;
  dueRows: DueRow[];
  nowMs: number;
}
