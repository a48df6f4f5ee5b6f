/** The kinds of work that happens when its time has come. `subject` is the id of the object concerned. */
export type DueKind =
  | "expire_session"
  | "settle_funds"
  | "decide_payment"
  | "decide_refund"
  | "expire_authorization"
  | "open_dispute"
  | "post_charge"
  | "pay_out"
  | "pay_out_daily";

export interface DueItem extends Record<string, SqlStorageValue> {
  seq: number;
  at: number;
  kind: DueKind;
  subject: string;
}

export class DueList {
  constructor(private readonly sql: SqlStorage) {}

  add(atSeconds: number, kind: DueKind, subject: string): void {
    this.sql.exec("INSERT INTO due (at, kind, subject) VALUES (?, ?, ?)", atSeconds, kind, subject);
  }

  /** Takes the earliest item that is due at `nowSeconds` from the list. */
  take(nowSeconds: number): DueItem | null {
    const item = this.sql
      .exec<DueItem>("SELECT * FROM due WHERE at <= ? ORDER BY at, seq LIMIT 1", nowSeconds)
      .toArray()[0];
    if (!item) {
      return null;
    }
    this.sql.exec("DELETE FROM due WHERE seq = ?", item.seq);
    return item;
  }
}
