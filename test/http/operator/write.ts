import { expect } from "vitest";
import type { Answer } from "../../journey";
import { rows } from "../../operations/rows";
import { journey } from "../checked";

const reader = "read_sandbox";

/** Sends an operator's request, under a key if it is given. */
export function write(
  path: string,
  body: object,
  { key, token = "admin_sandbox" }: { key?: string; token?: string } = {},
) {
  const headers: Record<string, string> = key === undefined ? {} : { "Idempotency-Key": key };
  return journey.call("POST", `/api/v1/admin${path}`, { token, body, headers });
}

export const outcomeOf = ({ status, body }: Answer) => [status, body?.code];

/** Lists how many rows each table has, and the newest of the call's times: whatever is written changes it. */
export async function contents(): Promise<Record<string, unknown>> {
  const tables = await rows<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%' and name not like 'd1_%' order by name",
  );
  const found: Record<string, unknown> = {};
  for (const { name } of tables) found[name] = await rows(`select * from "${name}"`);
  return found;
}

/** Expects a request that is only tried to be answered, and to leave every row and Stripe as they were. */
export async function tried(path: string, body: object) {
  const before = await contents();
  const asked = (await journey.control("GET", "requests")).body;
  const answer = await write(`${path}?dry_run=true`, body, { key: crypto.randomUUID() });
  expect(await contents()).toEqual(before);
  expect((await journey.control("GET", "requests")).body).toEqual(asked);
  return answer;
}

/** Expects a request to be refused to a token that only reads. */
export async function expectNotForReaders(path: string, body: object): Promise<void> {
  expect(outcomeOf(await write(path, body, { token: reader }))).toEqual([403, "scope_missing"]);
}

/** Lists the changes of an aggregate that an operator has made, with what the journal says of them. */
export async function byOperatorIn(aggregateId: string, name: string): Promise<Record<string, unknown>[]> {
  const found = await rows<{ data: string }>(
    "select data from journal where aggregate_id = ? and name = ? and actor = 'operator' order by version",
    aggregateId,
    name,
  );
  return found.map(({ data }) => JSON.parse(data));
}
