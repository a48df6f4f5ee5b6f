import { env, exports } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { buildDeps } from "../../src/container";
import { bucketOf, makeId } from "../../src/domain/id";
import { Journey } from "../journey";
import { accepted, initiated, makeTenant } from "../tenant";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

it("makes new roots in the open buckets, in each of them", async () => {
  const bucketsOf = async (settings: object) => {
    const { newId } = await buildDeps({ ...env, ...settings }, "test");
    return [...new Set(Array.from({ length: 2_000 }, () => bucketOf(newId())))].sort((a, b) => a - b);
  };
  expect(await bucketsOf({})).toEqual([...Array(64).keys()]);
  expect(await bucketsOf({ OPEN_BUCKETS: "4000-4003" })).toEqual([4000, 4001, 4002, 4003]);
});

it("leaves what belongs to an older root in that one's bucket, and serves it as before", async () => {
  const deps = await buildDeps(env, "test");
  const old = (bucket = 3_333) => makeId(deps.nowMs(), bucket, crypto.getRandomValues(new Uint8Array(9)));
  const sender = await makeTenant({ ...deps, newId: old });
  expect(bucketOf(sender.id)).toBe(3_333);
  const receiver = await makeTenant(deps);
  const transfer = await initiated(deps, sender, receiver);
  expect(bucketOf(transfer.id)).toBe(3_333);
  expect(await accepted(deps, receiver, transfer)).toMatchObject({ id: transfer.id });
});
