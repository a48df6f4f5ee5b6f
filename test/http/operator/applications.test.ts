import { expect, it } from "vitest";
import { TransfersJourney } from "../../transfers-journey";
import { callRaw, journey } from "../checked";

const walk = new TransfersJourney(journey);

it("admits applications, shuts them out, and says what they may", async () => {
  const tenant = await walk.tenant();
  const admitted = await walk.admit(tenant, { active: true, admin: true, debitLimit: 250_000.5 });
  expect([admitted.status, admitted.body.data]).toEqual([
    200,
    {
      id: tenant.id,
      name: tenant.name,
      appHandle: tenant.handle,
      active: true,
      admin: true,
      debitLimit: 250_000.5,
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    },
  ]);
  const changed = await walk.admit(tenant, { active: false });
  expect(changed.body.data).toMatchObject({ active: false, admin: true, debitLimit: 250_000.5 });
  expect((await walk.admit(tenant, { debitLimit: null })).body.data.debitLimit).toBeNull();
  expect((await walk.admit(tenant, { debitLimit: 0 })).body.data.debitLimit).toBe(0);
  expect((await walk.admit(tenant, {})).body.data).toMatchObject({ active: false, admin: true, debitLimit: 0 });
});

it("refuses a limit that is none, and one that is exceeded already", async () => {
  const [tenant, other] = [await walk.tenant(), await walk.tenant()];
  for (const limit of ["-1", "0.00001", '"100"', "1e99"]) {
    const answer = await callRaw("PATCH", `/api/v1/admin/applications/${tenant.id}`, {
      token: "admin_sandbox",
      body: `{"debitLimit":${limit}}`,
    });
    expect([answer.status, answer.body.code], limit).toEqual([422, "input_invalid"]);
  }
  await walk.paid(tenant, other, { amount: 100 });
  const exceeded = await walk.admit(tenant, { debitLimit: 99.9999 });
  expect([exceeded.status, exceeded.body.code]).toEqual([422, "debit_limit_exceeded"]);
  expect((await walk.admit(tenant, { debitLimit: 100 })).status).toBe(200);
});

it("lists all of them, newest first, without their secrets", async () => {
  const made = [];
  for (let turn = 0; turn < 3; turn += 1) made.push(await walk.tenant());
  const ids = made.map(({ id }) => id).toReversed();
  const first = await journey.operator("GET", "/applications?limit=2");
  expect(first.body.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(0, 2));
  expect(first.body.has_more).toBe(true);
  const next = await journey.operator("GET", `/applications?limit=1&starting_after=${ids[1]}`);
  expect(next.body.data.map(({ id }: { id: string }) => id)).toEqual(ids.slice(2));
  const shown = JSON.stringify(first.body);
  for (const { clientSecret, webhookSecret } of made) {
    for (const secret of [clientSecret, webhookSecret]) expect(shown).not.toContain(secret);
  }
});

it("is no application's business, not even an administrator's", async () => {
  const administrator = await walk.tenant();
  await walk.admit(administrator, { admin: true });
  const answer = await callRaw("PATCH", `/api/v1/admin/applications/${administrator.id}`, {
    token: administrator.token,
    body: '{"debitLimit":null}',
  });
  expect(answer.status).toBe(401);
});
