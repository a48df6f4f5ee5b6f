interface Money {
  currency: string;
  available: number;
  pending: number;
}

/**
 * Available and pending money per account and currency, in minor units. It changes only together with a balance
 * transaction.
 */
export class Balances {
  constructor(private readonly sql: SqlStorage) {}

  of(account: string): Money[] {
    return this.sql
      .exec<Money & Record<string, SqlStorageValue>>(
        "SELECT currency, available, pending FROM balances WHERE account = ? ORDER BY currency",
        account,
      )
      .toArray();
  }

  in(account: string, currency: string): Money {
    return this.of(account).find((money) => money.currency === currency) ?? { currency, available: 0, pending: 0 };
  }

  add(account: string, currency: string, change: { available?: number; pending?: number }): void {
    this.sql.exec(
      `INSERT INTO balances (account, currency, available, pending) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (account, currency) DO UPDATE SET available = available + ?3, pending = pending + ?4`,
      account,
      currency,
      change.available ?? 0,
      change.pending ?? 0,
    );
  }
}
