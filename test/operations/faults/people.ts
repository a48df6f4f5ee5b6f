import { env } from "cloudflare:workers";
import type { Journey, Person } from "../../journey";

/** Registered people. Each costs a password hash, so the same people are in every case, and survive each reset. */
export interface People {
  client: Person;
  /** The expert who has a payout account when a walk begins. */
  expert: Person;
  /** The expert who opens a payout account during the walk. */
  newcomer: Person;
  /** Resets everything but these people. */
  startAfresh: () => Promise<void>;
}

const tables = ["users", "user_emails", "user_phones", "access_tokens"];

/** Registers the people of the walks. */
export async function register(journey: Journey): Promise<People> {
  await journey.reset();
  const client = await journey.registerClient();
  const expert = await journey.registerExpert();
  const newcomer = await journey.registerExpert();
  const rows = await Promise.all(tables.map((table) => env.DB.prepare(`select * from ${table}`).all()));
  const inserts = rows.flatMap(({ results }, index) => results.map((row) => insert(tables[index] ?? "", row)));
  return {
    client,
    expert,
    newcomer,
    async startAfresh() {
      await journey.reset();
      await env.DB.batch(inserts);
    },
  };
}

/** Makes a statement that inserts a row as it was read. */
export function insert(table: string, row: Record<string, unknown>): D1PreparedStatement {
  const marks = Object.keys(row).map(() => "?");
  const statement = env.DB.prepare(`insert into ${table} (${Object.keys(row)}) values (${marks})`);
  return statement.bind(...Object.values(row));
}
