import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { emptyCost } from "../../src/cost";
import { openDatabase, type Statement } from "../../src/db/database";
import * as effects from "../../src/db/stripe-effects";
import { startOfSpan } from "../../src/domain/list-position";

const db = openDatabase(env.DB, emptyCost());

/** Makes a pending call that has not been made yet. */
async function claimed() {
  const call = { aggregateId: crypto.randomUUID(), id: "call", generation: 0, attempts: 0 };
  const terms = { kind: "create-refund" as const, subjectId: "refund", params: {}, createdAt: 1, dueAt: 2 };
  await db.batch([effects.insertCall(db, { ...call, ...terms })]);
  return call;
}

type Call = Awaited<ReturnType<typeof claimed>>;

const stored = async ({ aggregateId, id }: Call) => (await db.batch([effects.selectEffect(db, aggregateId, id)]))[0][0];

const changes: Record<string, (call: Call) => Statement> = {
  "is done": (call) => effects.settleEffect(db, call, { state: "done", resultId: "re_1" }),
  "is refused": (call) => effects.settleEffect(db, call, { state: "refused", failure: "no" }),
  "is put off": (call) => effects.postponeEffect(db, call, { attempts: call.attempts + 1, dueAt: 9, failure: "why" }),
  "is renewed": (call) => effects.renewEffect(db, call, { generation: call.generation + 1, sentAt: 9 }),
  "is sent once more": (call) => effects.noteSending(db, call, 9),
  "is looked for": (call) => effects.keepSearch(db, call, startOfSpan(0, 60_000)),
};

/** Changes that another writer may have made since the call was read. */
const meanwhile: Record<string, (call: Call) => Statement> = {
  "it has ended": (call) => effects.settleEffect(db, call, { state: "done", resultId: "re_2" }),
  "it was put off": (call) => effects.postponeEffect(db, call, { attempts: 1, dueAt: 5, failure: "theirs" }),
  "it was renewed": (call) => effects.renewEffect(db, call, { generation: 1, sentAt: 5 }),
};

describe.each(Object.entries(changes))("a pending call %s", (_, change) => {
  it("while it is as it was read", async () => {
    const call = await claimed();
    const before = await stored(call);
    await db.batch([change(call)]);
    expect(await stored(call)).not.toEqual(before);
  });

  it.each(Object.entries(meanwhile))(
    "not when %s meanwhile, and nothing of the batch is written",
    async (__, other) => {
      const [call, neighbour] = [await claimed(), await claimed()];
      await db.batch([other(call)]);
      const before = [await stored(call), await stored(neighbour)];
      const late = db.batch([effects.noteSending(db, neighbour, 7), change(call)]);
      await expect(late).rejects.toThrow();
      await expect(late).rejects.toMatchObject({ cause: { message: expect.stringContaining(effects.callMovedOn) } });
      expect([await stored(call), await stored(neighbour)]).toEqual(before);
    },
  );
});
