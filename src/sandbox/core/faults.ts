import { match } from "./matching";

/** All faults. The first group does not do the work, the second does it and loses the answer. */
export const FAULT_KINDS = [
  "timeout_before",
  "500",
  "500_stored",
  "429",
  "reset",
  "timeout_after",
  "500_after",
  "truncated",
  "slow",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault extends Record<string, SqlStorageValue> {
  seq: number;
  match: string;
  kind: FaultKind;
  /** The number of times that it will still happen. */
  times: number;
  fired: number;
}

/** Planned faults, used in the order in which they were planned. */
export class Faults {
  constructor(private readonly sql: SqlStorage) {}

  add(pattern: string, kind: FaultKind, times: number): void {
    this.sql.exec("INSERT INTO faults (match, kind, times, fired) VALUES (?, ?, ?, 0)", pattern, kind, times);
  }

  list(): Fault[] {
    return this.sql.exec<Fault>("SELECT * FROM faults ORDER BY seq").toArray();
  }

  clear(): void {
    this.sql.exec("DELETE FROM faults");
  }

  /** Takes the next fault for this request and counts it. */
  take(method: string, path: string): FaultKind | null {
    const open = this.sql.exec<Fault>("SELECT * FROM faults WHERE times > 0 ORDER BY seq").toArray();
    const fault = open.find((candidate) => match(candidate.match, method, path) !== null);
    if (!fault) {
      return null;
    }
    this.sql.exec("UPDATE faults SET times = times - 1, fired = fired + 1 WHERE seq = ?", fault.seq);
    return fault.kind;
  }
}
