import { beforeEach, expect, it } from "vitest";
import type { Person } from "../../journey";
import { acceptedOffer } from "../../operations/offers/accepted-offer";
import { rows } from "../../operations/rows";
import { journey } from "../checked";

beforeEach(() => journey.reset());

const exported = async ({ token }: Person, from?: string) =>
  (await journey.must(200, "GET", `/me/export${from === undefined ? "" : `?from=${from}`}`, { token })).body;
const idOf = async ({ email }: Person): Promise<string> =>
  (await rows<{ id: string }>("select id from users where email = ?", email))[0]?.id ?? "";
const sizes = (data: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(data).flatMap(([name, list]) => (Array.isArray(list) ? [[name, list.length]] : [])),
  );

it("has everything of a client and of an expert, and nothing of the other or secret", async () => {
  const { client, expert } = await acceptedOffer(journey);
  await journey.operator("GET", `/users/${await idOf(client)}`);
  const ofClient = await exported(client);
  expect(ofClient.meta).toEqual({ next: null });
  expect(sizes(ofClient.data)).toMatchObject({ testimonies: 1, checkouts: 1, refunds: 0, disputes: 0, sessions: 1 });
  expect(ofClient.data.profile).toMatchObject({ email: client.email, role: "client" });
  expect(ofClient.data.testimonies).toMatchObject([{ realEstate: { address: { line1: "Hlavná 1" } } }]);
  expect(ofClient.data.checkouts).toMatchObject([{ state: "accepted", input: { lastName: "Vzorová" } }]);
  expect(ofClient.data.notifications.length).toBeGreaterThan(0);
  expect(ofClient.data.changes.map(({ name }: { name: string }) => name)).toEqual(["register-client", "view-user"]);

  const ofExpert = await exported(expert);
  expect(sizes(ofExpert.data)).toMatchObject({ offers: 1, payouts: 1, payoutAccounts: 1, debts: 0 });
  expect(ofExpert.data.profile).toMatchObject({ bankAccount: { iban: "SK0809000000000123123123" } });
  expect(ofExpert.data.profile.createdAt).toMatch(/^\d{4}-\d\d-\d\dT/);

  const print = JSON.stringify;
  expect(print(ofClient)).not.toContain(expert.email);
  for (const text of [client.email, "Jana", "Dlhá 2"]) expect(print(ofExpert)).not.toContain(text);
  const [secret] = await rows<{ hash: string }>(
    "select password_hash as hash from users where email = ?",
    client.email,
  );
  for (const text of [client.token, secret?.hash ?? "", 'sandbox"']) expect(print(ofClient)).not.toContain(text);

  // It is recorded that it was handed out.
  const recorded = async () => (await exported(client)).data.changes.map(({ name }: { name: string }) => name);
  await expect.poll(recorded).toContain("export-profile");
});

it("comes in parts, each row once", { timeout: 120_000 }, async () => {
  const client = await journey.registerClient();
  const made: string[] = [];
  for (let count = 0; count < 53; count += 1) made.push(await journey.createTestimony(client));
  const first = await exported(client);
  const second = await exported(client, encodeURIComponent(first.meta.next));
  const listed = [first, second].map(({ data }) => data.testimonies.map(({ id }: { id: string }) => id));
  expect(listed.map(({ length }) => length)).toEqual([50, 3]);
  expect(listed.flat().toSorted()).toEqual(made.toSorted());
  expect(second.meta.next).toBeNull();
  const wrong = await journey.call("GET", "/api/v1/me/export?from=1", { token: client.token });
  expect([wrong.status, wrong.body.code]).toEqual([422, "input_invalid"]);
});
