import { describe, expect, it } from "vitest";
import { routes } from "../../src/app";
import { explainPayment, explainPayout, explainTestimony, explainTransfer } from "../../src/domain/explained-rows";
import { explain } from "../../src/domain/explanation";
import { type ExplainedKind, explanationRules } from "../../src/domain/explanation-rules";
import { nextSentences, sentences } from "../../src/http/explanation-sentences";

const states = Object.entries(explanationRules).flatMap(([kind, rules]) =>
  Object.keys(rules).map((state) => [kind as ExplainedKind, state] as const),
);

/** An id for every name in a path. */
const ids = new Proxy<Record<string, string>>({}, { get: (_, name) => `the-${String(name)}` });

describe("every state that is not final", () => {
  it.each(states)("has a sentence, and a next or a call: %s %s", (kind, state) => {
    const { code, next, call } = explain(kind, state, { since: 1, at: 2, ids }) ?? {};
    expect(sentences).toHaveProperty(`${code}`);
    // No request helps a clock that stands: somebody looks at the Worker.
    if (state !== "sweep_stopped") expect(next ?? call).not.toBeNull();
    if (next) expect(nextSentences).toHaveProperty(next.code);
  });

  it.each(states)("names a call of the API, by its own method and path: %s %s", (kind, state) => {
    const call = explain(kind, state, { since: 1, ids })?.call;
    if (!call) return;
    const route = routes.find(({ contract }) => contract.operationId === call.operationId);
    expect(call.method).toBe(route?.contract.method.toUpperCase());
    const pattern = `/api/v1${route?.contract.path}`.replace(/:\w+/g, "[\\w-]+");
    expect(call.path).toMatch(new RegExp(`^${pattern}$`));
  });
});

it("explains no final state, and leaves out a call whose path names nothing", () => {
  expect(explain("payout", "paid", { since: 1, ids })).toBeUndefined();
  expect(explain("testimony", "offered", { since: 1, ids: {} })?.call).toBeNull();
});

const base = { id: "p", testimonyId: "t", createdAt: 1, dueAt: 9, releaseOn: null, releaseAt: null, heldSince: 3 };

describe("a row", () => {
  it("that is held is explained by the first of its holds, and by its release", () => {
    const holds = ["dispute_open", "account_missing"] as const;
    expect(explainPayout({ ...base, state: "held", holds })).toMatchObject([
      { code: "payout_held_account_missing", since: 3, next: { at: 9 }, call: { who: "expert" } },
    ]);
    const waiting = { ...base, state: "held", holds: ["not_released"] as const, releaseAt: 77 };
    expect(explainPayout({ ...waiting, releaseOn: "days" })).toMatchObject([{ next: { at: 77 }, call: null }]);
    expect(explainPayout({ ...waiting, releaseOn: "completed" })).toMatchObject([
      { next: { at: 9 }, call: { operationId: "complete-testimony" } },
    ]);
  });

  it("that is a testimony has waited since its first offer, or since its acceptance", () => {
    const testimony = { id: "t", state: "offered", createdAt: 1 };
    const offers = [
      { id: "new", createdAt: 8, acceptedAt: null, withdrawnAt: null },
      { id: "old", createdAt: 5, acceptedAt: null, withdrawnAt: null },
      { id: "gone", createdAt: 2, acceptedAt: null, withdrawnAt: 3 },
    ];
    expect(explainTestimony(testimony, offers)).toMatchObject([
      { since: 5, call: { path: expect.stringContaining("old") } },
    ]);
    const accepted = [{ id: "a", createdAt: 2, acceptedAt: 6, withdrawnAt: null }];
    expect(explainTestimony({ ...testimony, state: "accepted" }, accepted)).toMatchObject([{ since: 6 }]);
    expect(explainTestimony({ ...testimony, state: "completed" }, accepted)).toEqual([]);
  });

  it("that is a payment is explained by a call whose outcome is unknown before anything else", () => {
    const payment = {
      id: "p",
      state: "requires_capture",
      stripeId: "pi_1",
      createdAt: 1,
      updatedAt: 4,
      dueAt: 9,
      captureBefore: 50,
    };
    const call = { aggregateId: "p", callId: "c", createdAt: 6, attempts: 1, dueAt: 7 };
    expect(explainPayment(payment, [])).toMatchObject([
      { code: "payment_requires_capture", since: 4, next: { code: "lapses", at: 50 } },
    ]);
    expect(explainPayment(payment, [call])).toMatchObject([{ code: "payment_unknown", since: 6, next: { at: 7 } }]);
    expect(explainPayment(payment, [{ ...call, attempts: 0 }])).toMatchObject([{ code: "payment_requires_capture" }]);
  });

  it("that is a transfer can be accepted by its receiver, and taken back by its sender", () => {
    const transfer = { reference: "TXN-1", id: "x", state: "AWAITING_ACCEPTANCE", createdAt: 1, expiresAt: 5 };
    const calls = (["receiver", "sender"] as const).map(
      (side) => explainTransfer(transfer, side)[0]?.call?.operationId,
    );
    expect(calls).toEqual(["accept-transfer", "cancel-transfer"]);
  });
});
