import { beforeAll, describe, expect, it } from "vitest";
import type { Tenant } from "../../transfers-journey";
import { callRaw, journey } from "../checked";
import { walk } from "./world";

let alice: Tenant;
let bob: Tenant;

beforeAll(async () => {
  alice = await walk.tenant({ name: "WalletApp" });
  bob = await walk.tenant({ name: "ShopApp", webhookUrl: "http://localhost:8787/sandbox/inbox/bob" });
});

/** The body is a text, so that the number is sent exactly as written. */
const initiateWith = (amount: string) =>
  callRaw("POST", "/api/v1/transactions", {
    token: alice.token,
    body: `{"senderTag":"${alice.tag}","receiverTag":"${bob.tag}","amount":${amount}}`,
  });

/** Returns the amount of an answer, digit for digit. */
const amountIn = (text: string) => /"amount":([^,]+),/.exec(text)?.[1];

describe("a transaction", () => {
  it("awaits acceptance, in the shape of the contract", async () => {
    const terms = { amount: 1500, narration: "School fees", callbackUrl: "http://localhost:8787/sandbox/inbox/alice" };
    const { status, body } = await walk.initiate(alice, bob, terms);
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(["success", "message", "data", "timestamp"]);
    const { data } = body;
    expect(data).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      reference: expect.stringMatching(/^TXN-\d{8}-[A-Z0-9]{8}$/),
      senderTag: alice.tag,
      senderAppName: "WalletApp",
      senderAppId: alice.id,
      receiverTag: bob.tag,
      receiverAppName: "ShopApp",
      receiverAppId: bob.id,
      amount: 1500,
      currency: "NGN",
      status: "AWAITING_ACCEPTANCE",
      narration: "School fees",
      expiresAt: expect.any(String),
      createdAt: expect.any(String),
      updatedAt: data.createdAt,
      webhooks: [
        expect.objectContaining({
          transactionId: data.id,
          transactionReference: data.reference,
          applicationId: bob.id,
          applicationName: "ShopApp",
          direction: "RECEIVER",
          targetUrl: "http://localhost:8787",
          eventType: "TRANSACTION_INITIATED",
          status: "PENDING",
          attempts: 0,
        }),
      ],
    });
    expect(Date.parse(data.expiresAt) - Date.parse(data.createdAt)).toBe(24 * 60 * 60 * 1000);
  });

  it("leaves out what there is none of", async () => {
    const { text } = await initiateWith("1");
    expect(text).not.toContain("null");
    for (const member of [
      "narration",
      "acceptedAt",
      "rejectedAt",
      "rejectionReason",
      "callbackUrl",
      "idempotencyKey",
    ]) {
      expect(text).not.toContain(`"${member}"`);
    }
  });

  it.each([
    ["0.0002", "0.0002"],
    ["1", "1"],
    ["1500.00", "1500"],
    ["0.1", "0.1"],
    ["1.10", "1.1"],
    ["4503599627370.4961", undefined],
    ["123456789012.3456", "123456789012.3456"],
    ["900719925474.0991", "900719925474.0991"],
    ["900719925474.09910000", "900719925474.0991"],
    ["900719925474.0992", undefined],
    ["1000000000000000000000000", undefined],
  ])("is of %s exactly", async (sent, shown) => {
    const { status, text, body } = await initiateWith(sent);
    if (shown === undefined) {
      expect([status, body.errors]).toEqual([400, ["amount must be at most 900719925474.0991"]]);
    } else {
      expect([status, amountIn(text)]).toEqual([201, shown]);
    }
  });

  it.each([
    ["0", "amount must be greater than 0.0001"],
    ["-5", "amount must be greater than 0.0001"],
    ["0.0001", "amount must be greater than 0.0001"],
    ["0.00001", "amount must have at most 4 decimals"],
    ["1.00005", "amount must have at most 4 decimals"],
    ["1.000000000000000000001", "amount must have at most 4 decimals"],
    ["0.00000000001", "amount must have at most 4 decimals"],
    ["15e2", "amount must be written without an exponent"],
    ["1.5E-3", "amount must be written without an exponent"],
    ["9e99999", "amount must be written without an exponent"],
    ["null", "amount must not be null"],
  ])("is never of %s", async (sent, error) => {
    const { status, body } = await initiateWith(sent);
    expect([status, body.errorCode, body.errors]).toEqual([400, "VALIDATION_ERROR", [error]]);
  });

  it.each(['"1500"', "true", "[]", "{}"])("is never of %s, which is no number", async (sent) => {
    const { status, body } = await initiateWith(sent);
    expect([status, body.errorCode, body.errors]).toEqual([400, "MALFORMED_REQUEST", ["amount must be a number"]]);
  });
});

describe("a body", () => {
  const send = (changes: object) =>
    walk.ask(alice, "POST", "/transactions", { senderTag: alice.tag, receiverTag: bob.tag, amount: 1, ...changes });

  it("names everything that is wrong with it, in order", async () => {
    const answer = await walk.ask(alice, "POST", "/transactions", {
      currency: "ngn",
      narration: "ü".repeat(501),
      callbackUrl: `https://example.com/${"x".repeat(500)}`,
      idempotencyKey: "k".repeat(65),
    });
    expect([answer.status, answer.body.errorCode, answer.body.message]).toEqual([
      400,
      "VALIDATION_ERROR",
      "Validation failed",
    ]);
    expect(answer.body.errors).toEqual([
      "senderTag is required",
      "receiverTag is required",
      "amount is required",
      "currency must be three capital letters",
      "narration must be at most 500 characters",
      "callbackUrl must be at most 500 characters",
      "idempotencyKey must be at most 64 characters",
    ]);
    expect(Object.keys(answer.body)).toEqual(["success", "message", "errorCode", "errors", "timestamp", "requestId"]);
  });

  it("counts characters, not bytes or halves of them", async () => {
    expect((await send({ narration: "🙂".repeat(500) })).status).toBe(201);
  });

  it.each(["ab", "a b c", "alice@", "@", "alice@x", "alice@wallet@app", "álice", "-alice"])(
    "names no tag: %s",
    async (tag) => {
      const { status, body } = await send({ receiverTag: tag });
      expect([status, body.errorCode, body.errors]).toEqual([
        400,
        "VALIDATION_ERROR",
        [expect.stringMatching(/^receiverTag must be a tag: /)],
      ]);
    },
  );

  it.each([
    ["http://wallet.example.com", "callbackUrl must begin with https://"],
    ["ftp://wallet.example.com", "callbackUrl must begin with https://"],
    ["wallet.example.com", "callbackUrl must be a URL"],
    ["https://127.0.0.2/", "callbackUrl must name a host, not an address"],
  ])("has no callback to %s", async (callbackUrl, error) => {
    const { status, body } = await send({ callbackUrl });
    expect([status, body.errorCode, body.errors]).toEqual([400, "VALIDATION_ERROR", [error]]);
    expect(body.message).toBe("Validation failed");
  });
});

describe("the tag of a party", () => {
  const between = (senderTag: string, receiverTag: string) =>
    walk.ask(alice, "POST", "/transactions", { senderTag, receiverTag, amount: 1 });
  const bare = (tag: string) => tag.split("@")[0] ?? "";

  it("is understood in every notation, and echoed as it was written", async () => {
    const upper = alice.tag.toUpperCase();
    for (const written of [bare(alice.tag), `@${bare(alice.tag)}`, alice.tag, `@${alice.tag}`, upper]) {
      const { status, body } = await between(written, bob.tag);
      expect([status, body.data.senderTag, body.data.senderAppId]).toEqual([201, written, alice.id]);
    }
    for (const written of [bare(bob.tag), `@${bare(bob.tag)}`, bob.tag, `@${bob.tag}`]) {
      const { status, body } = await between(alice.tag, written);
      expect([status, body.data.receiverTag, body.data.receiverAppId]).toEqual([201, written, bob.id]);
    }
  });

  it("names one receiver, or the answer is 409", async () => {
    const name = `shared-${crypto.randomUUID().slice(0, 8)}`;
    const own = await walk.anotherTag(alice, name);
    const others = await walk.anotherTag(bob, name);
    const ambiguous = await between(alice.tag, `@${name}`);
    expect([ambiguous.status, ambiguous.body.errorCode]).toEqual([409, "AMBIGUOUS_TAG"]);
    expect((await between(alice.tag, others)).status).toBe(201);
    // As sender, a tag without a handle is one of the caller's own.
    const { body } = await between(name, bob.tag);
    expect(body.data.senderAppId).toBe(alice.id);
    expect((await between(own, others)).status).toBe(201);
  });

  it("is refused in the order of the contract", async () => {
    const cases: [string, string, number, string][] = [
      [bob.tag, "nobody", 403, "NOT_TAG_OWNER"],
      ["nobody", bob.tag, 404, "TAG_NOT_FOUND"],
      [bare(bob.tag), bob.tag, 404, "TAG_NOT_FOUND"], // without a handle: only one's own
      [alice.tag, "nobody", 404, "TAG_NOT_FOUND"],
      [alice.tag, `nobody@${bob.handle}`, 404, "TAG_NOT_FOUND"],
      [alice.tag, `${bare(bob.tag)}@nowhere`, 404, "TAG_NOT_FOUND"],
      [alice.tag, bare(alice.tag), 422, "SELF_TRANSFER_NOT_ALLOWED"],
    ];
    for (const [from, to, status, errorCode] of cases) {
      const answer = await between(from, to);
      expect([answer.status, answer.body.errorCode], `${from} to ${to}`).toEqual([status, errorCode]);
    }
  });

  it("of an application that is switched off is not found", async () => {
    const gone = await walk.tenant();
    await walk.admit(gone, { active: false });
    const answer = await between(alice.tag, gone.tag);
    expect([answer.status, answer.body.errorCode]).toEqual([404, "TAG_NOT_FOUND"]);
  });

  it("may be of the other party's application", async () => {
    const other = await walk.anotherTag(alice, `other-${crypto.randomUUID().slice(0, 8)}`);
    expect((await between(alice.tag, other)).status).toBe(201);
  });
});

it("is in every currency there is, and in no other", async () => {
  expect((await walk.initiate(alice, bob, { currency: "EUR" })).body.data.currency).toBe("EUR");
  for (const currency of ["XTS", "ZZZ"]) {
    const { status, body } = await walk.initiate(alice, bob, { currency });
    expect([status, body.errorCode]).toEqual([422, "UNSUPPORTED_CURRENCY"]);
  }
});

describe("an idempotency key", () => {
  const newKey = () => crypto.randomUUID();
  const inHeader = (key: string) => ({ "Idempotency-Key": key });

  it("is one key, in the header, in the body, or in both", async () => {
    const key = newKey();
    const first = await walk.initiate(alice, bob, { amount: 7 }, inHeader(key));
    const again = [
      await walk.initiate(alice, bob, { amount: 7, idempotencyKey: key }),
      await walk.initiate(alice, bob, { amount: 7, idempotencyKey: key }, inHeader(key)),
      await walk.initiate(alice, bob, { amount: 7 }, inHeader(key)),
    ];
    expect(first.status).toBe(201);
    for (const { status, body, headers } of again) {
      expect([status, body.data]).toEqual([201, first.body.data]);
      expect(headers.get("Idempotent-Replayed")).toBe("true");
    }
  });

  it("is not two keys", async () => {
    const { status, body } = await walk.initiate(alice, bob, { idempotencyKey: newKey() }, inHeader(newKey()));
    expect([status, body.errorCode]).toEqual([400, "VALIDATION_ERROR"]);
    expect(body.errors).toEqual(["idempotencyKey must be the same as the Idempotency-Key header"]);
  });

  it("is for one request", async () => {
    const idempotencyKey = newKey();
    await walk.initiate(alice, bob, { amount: 7, idempotencyKey });
    for (const changes of [{ amount: 8 }, { amount: 7, currency: "EUR" }, { amount: 7, narration: "Other" }]) {
      const { status, body } = await walk.initiate(alice, bob, { ...changes, idempotencyKey });
      expect([status, body.errorCode]).toEqual([409, "IDEMPOTENCY_KEY_CONFLICT"]);
    }
  });

  it("is of one application", async () => {
    const idempotencyKey = newKey();
    const [one, other] = [
      await walk.initiate(alice, bob, { idempotencyKey }),
      await walk.initiate(bob, alice, { idempotencyKey }),
    ];
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(one.body.data.id).not.toBe(other.body.data.id);
  });

  it("is not used up by what was refused", async () => {
    const idempotencyKey = newKey();
    expect((await walk.initiate(alice, { tag: "nobody" }, { idempotencyKey })).status).toBe(404);
    expect((await walk.initiate(alice, bob, { idempotencyKey })).status).toBe(201);
  });

  it("lets one of many at once do it, and the others have its answer", async () => {
    const idempotencyKey = newKey();
    const answers = await Promise.all(Array.from({ length: 10 }, () => walk.initiate(alice, bob, { idempotencyKey })));
    const made = answers.filter(({ status }) => status === 201);
    expect(new Set(made.map(({ body }) => body.data.id)).size).toBe(1);
    expect(made.filter(({ headers }) => headers.get("Idempotent-Replayed") === null)).toHaveLength(1);
    for (const { status, body, headers } of answers.filter(({ status }) => status !== 201)) {
      expect([status, body.errorCode, headers.get("Retry-After")]).toEqual([409, "IDEMPOTENCY_IN_PROGRESS", "1"]);
    }
  });

  it("is forgotten after a day", async () => {
    const idempotencyKey = newKey();
    const first = await walk.initiate(alice, bob, { idempotencyKey });
    await journey.advance(24 * 60 * 60 + 1);
    for (const tenant of [alice, bob]) tenant.token = await walk.token(tenant);
    const second = await walk.initiate(alice, bob, { idempotencyKey });
    expect([second.status, second.headers.get("Idempotent-Replayed")]).toEqual([201, null]);
    expect(second.body.data.id).not.toBe(first.body.data.id);
  });
});
