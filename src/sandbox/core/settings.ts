/** Settings that survive a restart: clock offset, origin, event mode. */
export class Settings {
  constructor(private readonly sql: SqlStorage) {}

  get(name: string): string | null {
    const row = this.sql.exec<{ value: string }>("SELECT value FROM settings WHERE name = ?", name).toArray()[0];
    return row?.value ?? null;
  }

  set(name: string, value: string): void {
    this.sql.exec("INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)", name, value);
  }
}
