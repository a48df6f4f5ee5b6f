import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../../src/app";
import { routesOn } from "../../../src/http/mount";
import type { Route } from "../../../src/http/route";
import { transfersRoutes } from "../../../src/http/transfers";
import type { Tenant } from "../../transfers-journey";
import { callRaw } from "../checked";
import { inRecovery } from "../in-recovery";
import { expectTakenKey } from "../taken-key";
import { makeWorld, nowMs, tokenIssuedAt, type World, walk } from "./world";

/** The common suite of the transfers contract: every route in the registry is tested by it. */

let world: World;
let stranger: Tenant;
let inactive: Tenant;
let expired: string;

beforeAll(async () => {
  world = await makeWorld();
  stranger = await walk.tenant();
  inactive = await walk.tenant();
  expired = await tokenIssuedAt(world.sender, (await nowMs()) - 3_600_001);
  await walk.admit(inactive, { active: false });
});

const protectedRoutes = transfersRoutes.filter(({ access }) => access !== "anyone");
const bodyRoutes = transfersRoutes.filter(({ contract }) => contract.body !== undefined);
const changingRoutes = transfersRoutes.filter(({ contract }) => contract.method !== "get");
const keyedRoutes = transfersRoutes.filter(({ contract }) => contract.keyed);
const isByReference = ({ contract: { path } }: Route) => /^\/transactions\/:/.test(path);
const uuidRoutes = transfersRoutes.filter((route) => route.contract.path.includes(":id") && !isByReference(route));
const namedRoutes = protectedRoutes.filter(({ contract }) => contract.path.includes(":"));
const each = (list: readonly Route[]) => list.map((route): [string, Route] => [route.contract.operationId, route]);

/** Returns the path with existing names. */
function pathOf({ contract }: Route, { reference, id }: { reference?: string; id?: string } = {}): string {
  const kind = contract.path.split("/")[1] ?? "";
  const { sender, webhookId, settlementId, settledDay } = world;
  const ids: Record<string, string> = { subjects: sender.subjectId, webhooks: webhookId, settlement: settlementId };
  const path = contract.path
    .replace(":reference", reference ?? world.reference)
    .replace(":id", id ?? ids[kind] ?? reference ?? world.reference)
    .replace(":tag", sender.tag)
    .replace(":date", settledDay);
  return `/api/v1${path}`;
}

/** Returns the token of an application that may call the route, and owns what the path names. */
function tokenFor({ access, contract }: Route): string | undefined {
  if (access === "anyone") return undefined;
  if (access === "administrator") return world.administrator.token;
  const byReceiver = ["accept-transfer", "reject-transfer", "retry-transfer-webhook"];
  return byReceiver.includes(contract.operationId) ? world.receiver.token : world.sender.token;
}

/** Returns the example of the contract with existing names. */
function bodyOf({ contract }: Route): string | undefined {
  if (contract.bodyExample === undefined) return undefined;
  const { sender, receiver } = world;
  const own: Record<string, object> = {
    "initiate-transfer": { senderTag: sender.tag, receiverTag: receiver.tag },
    "create-tag": { subjectId: sender.subjectId, tagString: `tag-${crypto.randomUUID().slice(0, 8)}` },
    "create-subject": { externalId: crypto.randomUUID() },
    "register-application": { appHandle: `app-${crypto.randomUUID().slice(0, 8)}` },
    "issue-token": { client_id: sender.id, client_secret: sender.clientSecret },
  };
  return JSON.stringify({ ...(contract.bodyExample as object), ...own[contract.operationId] });
}

type Options = { token?: string | undefined; path?: string; body?: string; headers?: Record<string, string> };

function call(route: Route, { path = pathOf(route), ...rest }: Options = {}) {
  return callRaw(route.contract.method.toUpperCase(), path, rest);
}

describe("who asks", () => {
  it.each(each(protectedRoutes))("%s: nobody is 401", async (_, route) => {
    const answer = await call(route);
    expect([answer.status, answer.body.errorCode]).toEqual([401, "UNAUTHORIZED"]);
    expect(answer.headers.get("WWW-Authenticate")).toBe("Bearer");
  });

  it.each(each(protectedRoutes))("%s: a token that is none is 401, even with a broken body", async (_, route) => {
    for (const token of ["nonsense", "admin_sandbox", `${world.sender.token}x`, "eyJhbGciOiJub25lIn0.e30."]) {
      const answer = await call(route, { token, body: "{" });
      expect([answer.status, answer.body.errorCode], token).toEqual([401, "UNAUTHORIZED"]);
      expect(answer.headers.get("WWW-Authenticate")).toBe('Bearer error="invalid_token"');
    }
  });

  it.each(each(protectedRoutes))("%s: a token whose hour is over is 401", async (_, route) => {
    const answer = await call(route, { token: expired });
    expect([answer.status, answer.body.errorCode]).toEqual([401, "TOKEN_EXPIRED"]);
  });

  it.each(each(protectedRoutes))("%s: an application that is shut out is 403", async (_, route) => {
    const answer = await call(route, { token: inactive.token, body: "{" });
    expect([answer.status, answer.body.errorCode]).toEqual([403, "APPLICATION_INACTIVE"]);
  });

  it.each(each(protectedRoutes))("%s: another application sees nothing of it", async (_, route) => {
    const { access, contract } = route;
    const body = bodyOf(route);
    const answer = await call(route, { token: stranger.token, ...(body === undefined ? {} : { body }) });
    const isPublic = contract.path.startsWith("/settlement"); // days are everybody's, positions are not
    if (access === "administrator") expect([answer.status, answer.body.errorCode]).toEqual([403, "FORBIDDEN"]);
    else if (namedRoutes.includes(route) && !isPublic) {
      expect([answer.status, answer.body.errorCode]).toEqual([404, expect.stringMatching(/_NOT_FOUND$/)]);
    }
    const { sender, receiver } = world;
    for (const secret of [sender.id, receiver.id, sender.name, sender.subjectId, world.reference, world.webhookId]) {
      expect(answer.text).not.toContain(`"${secret}"`);
    }
  });
});

describe("what it names", () => {
  const references = ["TXN-00000000-00000000", "nonsense", "%00", "x".repeat(300), "' or 1=1 --"];
  it.each(each(transfersRoutes.filter(isByReference)))("%s: an unknown reference is 404", async (_, route) => {
    for (const reference of references) {
      const path = pathOf(route, { reference: encodeURI(reference).replaceAll("%25", "%") });
      const answer = await call(route, { token: tokenFor(route), path });
      expect([answer.status, answer.body.errorCode], path).toEqual([404, "TRANSACTION_NOT_FOUND"]);
    }
  });

  it.each(each(uuidRoutes))("%s: an unknown id is 404, and what is no UUID is 400", async (_, route) => {
    const token = tokenFor(route);
    for (const id of ["01890000-0000-8000-8000-000000000000", crypto.randomUUID()]) {
      const answer = await call(route, { token, path: pathOf(route, { id }) });
      expect([answer.status, answer.body.errorCode], id).toEqual([404, expect.stringMatching(/_NOT_FOUND$/)]);
    }
    for (const id of ["nonsense", "1", "%00", "x".repeat(300)]) {
      const answer = await call(route, { token, path: pathOf(route, { id }) });
      expect([answer.status, answer.body.errorCode], id).toEqual([400, "MALFORMED_REQUEST"]);
      expect(answer.body.errors).toEqual(["id must be a UUID"]);
    }
  });

  it.each(each(uuidRoutes))("%s: the case of a UUID says nothing", async (_, route) => {
    const ids = { subjects: world.sender.subjectId, webhooks: world.webhookId, settlement: world.settlementId };
    const id = ids[route.contract.path.split("/")[1] as keyof typeof ids].toUpperCase();
    expect((await call(route, { token: tokenFor(route), path: pathOf(route, { id }) })).status).not.toBe(404);
  });
});

describe("what is sent", () => {
  const broken = [
    ["malformed JSON", "{", 400, "MALFORMED_REQUEST"],
    ["JSON nested without end", "[".repeat(8_000), 400, "MALFORMED_REQUEST"],
    ["a body too large", `{"a":"${"x".repeat(64 * 1024)}"}`, 413, "PAYLOAD_TOO_LARGE"],
    ["an array in place of an object", "[]", 400, "MALFORMED_REQUEST"],
    ["null in place of an object", "null", 400, "MALFORMED_REQUEST"],
  ] as const;

  for (const [what, body, status, errorCode] of broken) {
    it.each(each(changingRoutes))(`%s: ${what} is ${status}`, async (_, route) => {
      const answer = await call(route, { token: tokenFor(route), body });
      expect([answer.status, answer.body.errorCode]).toEqual([status, errorCode]);
    });
  }

  it.each(each(bodyRoutes))("%s: a member of the wrong type is 400", async (_, route) => {
    const example = JSON.parse(bodyOf(route) ?? "{}") as Record<string, unknown>;
    const [member = ""] = Object.keys(example);
    const answer = await call(route, {
      token: tokenFor(route),
      body: JSON.stringify({ ...example, [member]: { a: 1 } }),
    });
    expect([answer.status, answer.body.errorCode]).toEqual([400, "MALFORMED_REQUEST"]);
    expect(answer.body.errors).toEqual([expect.stringMatching(`^${member} must be `)]);
  });

  it.each(each(changingRoutes))("%s: a text is 415", async (_, route) => {
    const headers = { "Content-Type": "text/plain" };
    const answer = await call(route, { token: tokenFor(route), body: "a=1", headers });
    expect([answer.status, answer.body.errorCode]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  it.each(each(changingRoutes))("%s: a compressed body is 415", async (_, route) => {
    const headers = { "Content-Encoding": "gzip" };
    const answer = await call(route, { token: tokenFor(route), body: "{}", headers });
    expect([answer.status, answer.body.errorCode]).toEqual([415, "UNSUPPORTED_CONTENT_ENCODING"]);
  });

  it("every change waits while the lost time of a restored database is searched", async () => {
    const waiting = changingRoutes.filter(({ contract }) => !contract.evenInRecovery);
    const answers: unknown[] = [];
    await inRecovery(async () => {
      for (const route of waiting) {
        const body = bodyOf(route);
        const answer = await call(route, { token: tokenFor(route), ...(body === undefined ? {} : { body }) });
        answers.push([route.contract.operationId, answer.status, answer.body?.errorCode]);
      }
    });
    expect(answers).toEqual(waiting.map(({ contract }) => [contract.operationId, 503, "SERVICE_UNAVAILABLE"]));
  });

  it.each(each(changingRoutes))("%s: what cannot be decrypted is 400", async (_, route) => {
    const headers = { "Content-Encryption": "JWE" };
    const answer = await call(route, { token: tokenFor(route), body: bodyOf(route) ?? "{}", headers });
    expect([answer.status, answer.body.errorCode]).toEqual([400, "JWE_DECRYPTION_FAILED"]);
  });

  it.each(each(transfersRoutes))("%s: another method is 405", async (_, route) => {
    const path = pathOf(route);
    const methods = routesOn(path, routes).map(({ contract }) => contract.method);
    const answer = await callRaw(methods.includes("patch") ? "PUT" : "PATCH", path);
    expect([answer.status, answer.body.errorCode]).toEqual([405, "METHOD_NOT_ALLOWED"]);
    expect(answer.headers.get("Allow")?.split(", ")).toContain(route.contract.method.toUpperCase());
  });
});

describe("the same request again", () => {
  /** Returns a path with a fresh name for whatever the operation uses up. */
  async function freshPath(route: Route): Promise<string> {
    const { sender, receiver, webhookId } = world;
    const fail = env.DB.prepare("UPDATE transfer_webhooks SET state = 'FAILED', due_at = NULL WHERE id = ?");
    if (route.contract.operationId === "retry-transfer-webhook") await fail.bind(webhookId).run();
    const isResolved = /^(accept|reject|cancel)-/.test(route.contract.operationId);
    const transfer = isResolved ? await walk.initiated(sender, receiver) : undefined;
    return pathOf(route, transfer ? { reference: transfer.reference } : {});
  }

  it.each(each(keyedRoutes))("%s: under one key it is done once", async (_, route) => {
    const body = bodyOf(route);
    const request = {
      token: tokenFor(route),
      path: await freshPath(route),
      headers: { "Idempotency-Key": crypto.randomUUID() },
      ...(body === undefined ? {} : { body }),
    };
    const first = await call(route, request);
    expect([200, 201]).toContain(first.status);
    expect(first.headers.get("Idempotent-Replayed")).toBeNull();

    const second = await call(route, request);
    expect([second.status, second.body.data]).toEqual([first.status, first.body.data]);
    expect(second.headers.get("Idempotent-Replayed")).toBe("true");

    await expectTakenKey(request.headers["Idempotency-Key"], () => call(route, request), [
      [409, "IDEMPOTENCY_IN_PROGRESS"],
      [409, "IDEMPOTENCY_KEY_CONFLICT"],
    ]);
    if (body === undefined) return;
    const other = await call(route, { ...request, body: JSON.stringify(different(JSON.parse(body))) });
    expect([other.status, other.body.errorCode]).toEqual([409, "IDEMPOTENCY_KEY_CONFLICT"]);
  });

  it.each(each(keyedRoutes))("%s: a key that is none is 400", async (_, route) => {
    const body = bodyOf(route);
    for (const key of ["k".repeat(129), ""]) {
      const answer = await call(route, {
        token: tokenFor(route),
        headers: { "Idempotency-Key": key },
        ...(body === undefined ? {} : { body }),
      });
      expect([answer.status, answer.body.errorCode]).toEqual([400, "VALIDATION_ERROR"]);
      expect(answer.body.errors).toEqual(["Idempotency-Key must be 1 to 128 printable characters"]);
    }
  });
});

/** Returns the same with another text. */
function different(example: Record<string, unknown>): Record<string, unknown> {
  const others: Record<string, string> = { currency: "EUR", narration: "Changed", reason: "Changed" };
  const [name = ""] = Object.keys(others).filter((one) => one in example);
  if (name !== "") return { ...example, [name]: others[name] };
  return "tagString" in example ? { ...example, tagString: "changed" } : { ...example, externalId: "changed" };
}
