import { describe, expect, it } from "vitest";
import { newPayment, type Payment, type PaymentAggregate } from "../../../src/db/payments/payments";
import { bucketOf, makeId } from "../../../src/domain/id";
import { type Circumstances, reducePayment } from "../../../src/operations/payments/reduce-payment";
import type { StripeSnapshot } from "../../../src/operations/payments/stripe-snapshot";

/*
 * What a payment is after Stripe's word, computed alone: no database, no Stripe and no runtime.
 */

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const nowMs = Date.UTC(2026, 0, 2);
const bucket = 7;
let made = 0;
const newId = (of = bucket) => makeId(nowMs, of, Uint8Array.from([0, made++, 2, 3, 4, 5, 6, 7, 8]));
const id = newId();

type Intent = NonNullable<StripeSnapshot["intent"]>;
type Charge = NonNullable<Intent["charge"]>;
type Refund = NonNullable<StripeSnapshot["refunds"]>[number];

const moved = { currency: "usd", amountMinor: 1000, netMinor: 1000 };

function charge(more: Partial<Charge> = {}): Charge {
  return {
    id: "ch_1",
    captureBeforeMs: null,
    isDisputed: false,
    applicationFeeMinor: 0,
    applicationFeeId: null,
    moved,
    ...more,
  };
}

function intent(status: string, more: Partial<Intent> = {}): Intent {
  return {
    id: "pi_1",
    status,
    clientSecret: "secret",
    paymentMethodId: null,
    customerId: null,
    receivedMinor: status === "succeeded" ? 1000 : 0,
    cancellationReason: null,
    nextAction: null,
    lastError: null,
    charge: status === "succeeded" ? charge() : null,
    paymentId: id,
    ...more,
  };
}

function refund(status: Refund["status"], more: Partial<Refund> = {}): Refund {
  return {
    id: "re_1",
    status,
    amountMinor: 400,
    failure: null,
    pendingReason: null,
    movesMoney: true,
    moved: undefined,
    refundId: undefined,
    paymentId: undefined,
    requestKey: undefined,
    ...more,
  };
}

function payment(more: Partial<Payment> = {}): PaymentAggregate {
  return newPayment({
    id,
    developerId: newId(),
    appId: newId(),
    userId: newId(),
    orderId: "order-1",
    accountId: newId(),
    stripeAccountId: "acct_1",
    state: "requires_payment_method",
    captureMethod: "automatic",
    currency: "usd",
    amountMinor: 1000,
    applicationFeeMinor: 0,
    ...{ description: null, statementDescriptorSuffix: null, receiptEmail: null, metadata: null },
    live: 1,
    stripeId: "pi_1",
    clientSecret: "secret",
    paymentMethodId: null,
    chargeId: null,
    capturedMinor: 0,
    refundedMinor: 0,
    captureBefore: null,
    warnedAt: null,
    nextAction: null,
    lastError: null,
    dueAt: null,
    createdAt: nowMs - minuteMs,
    updatedAt: nowMs - minuteMs,
    ...more,
  });
}

function reduced(before: PaymentAggregate, snapshot: StripeSnapshot, said: Partial<Circumstances> = {}) {
  const rows = reducePayment({ nowMs: () => nowMs, newId }, before, snapshot, { actor: "stripe", ...said });
  return { ...before, ...rows };
}

const paid = () => reduced(payment(), { intent: intent("succeeded") });

describe("the PaymentIntent", () => {
  it("brings the payment to its state, and the same again changes nothing", () => {
    const first = paid();
    expect(first.payment).toMatchObject({ state: "succeeded", capturedMinor: 1000, chargeId: "ch_1", dueAt: null });
    expect(reduced(first, { intent: intent("succeeded") })).toEqual(first);
  });

  it.each(["requires_payment_method", "processing", "canceled"])("that is %s is too old for a paid payment", (old) => {
    const before = paid();
    expect(reduced(before, { intent: intent(old) })).toEqual(before);
  });

  it("with a status that nobody knows decides nothing", () => {
    expect(reduced(payment(), { intent: intent("weighed") }).payment.state).toBe("requires_payment_method");
  });

  it("that is cancelled by Stripe after an authorization has expired, and its order is free", () => {
    const authorized = payment({ state: "requires_capture", captureBefore: nowMs - 1 });
    const snapshot = { intent: intent("canceled", { cancellationReason: "automatic" }) };
    expect(reduced(authorized, snapshot).payment).toMatchObject({ state: "expired", live: null });
  });

  it("of an account that came back counts again, as if it had just been made", () => {
    const lost = reduced(payment(), {}, { gone: true });
    expect(lost.payment).toMatchObject({ state: "failed", live: null, lastError: { code: "account_gone" } });
    expect(reduced(lost, { intent: intent("succeeded") }).payment).toMatchObject({ state: "succeeded", live: 1 });
  });

  it("of an account that is gone does not end while its bank may still pay", () => {
    const waiting = payment({ state: "processing", updatedAt: nowMs - 29 * dayMs });
    expect(reduced(waiting, {}, { gone: true }).payment).toMatchObject({ state: "processing", dueAt: nowMs + dayMs });
    const old = payment({ state: "processing", updatedAt: nowMs - 30 * dayMs });
    expect(reduced(old, {}, { gone: true }).payment).toMatchObject({ state: "failed", dueAt: null });
  });
});

describe("refunds", () => {
  const claimed = () => {
    const before = paid();
    const own = { ...oneOf(reduced(before, { refunds: [refund("pending")] })), id: newId(), kind: "refund" as const };
    return { ...before, refunds: [{ ...own, state: "claimed" as const, stripeId: null }] };
  };

  it("of ours are found by the id that we gave them", () => {
    const before = claimed();
    const [own] = before.refunds;
    const next = reduced(before, { refunds: [refund("succeeded", { refundId: own?.id })] });
    expect(next.refunds).toMatchObject([{ id: own?.id, state: "succeeded", stripeId: "re_1" }]);
    expect(next.payment).toMatchObject({ refundedMinor: 400, live: 1 });
  });

  it("that Stripe refuses fail, and their money can be refunded again", () => {
    const before = claimed();
    const refusedRefund = { id: oneOf(before).id, failure: "insufficient funds" };
    const next = reduced(before, {}, { refusedRefund });
    expect(next.refunds).toMatchObject([{ state: "failed", failure: "insufficient funds" }]);
    expect(next.payment.refundedMinor).toBe(0);
  });

  it("made out-of-band get an id in the payment's bucket, once", () => {
    const first = reduced(paid(), { refunds: [refund("pending")] });
    expect(first.refunds).toMatchObject([{ kind: "at_stripe", state: "pending", amountMinor: 400 }]);
    expect(bucketOf(oneOf(first).id)).toBe(bucket);
    expect(reduced(first, { refunds: [refund("pending")] })).toEqual(first);
  });

  it("that the database has lost keep their id, unless it is none of this payment's", () => {
    const named = newId();
    const known = (paymentId: string) => refund("succeeded", { refundId: named, paymentId, requestKey: "key" });
    expect(oneOf(reduced(paid(), { refunds: [known(id)] }))).toMatchObject({
      id: named,
      kind: "refund",
      requestKey: "key",
    });
    expect(oneOf(reduced(paid(), { refunds: [known(newId())] }))).toMatchObject({
      kind: "at_stripe",
      requestKey: null,
    });
  });

  it("of everything free the order, and a failure afterwards takes the next place beside another payment", () => {
    const returned = reduced(paid(), { refunds: [refund("succeeded", { amountMinor: 1000 })] });
    expect(returned.payment.live).toBeNull();
    const beside = [{ id: newId(), state: "succeeded" as const, stripeId: "pi_2", live: 1 }];
    const back = reduced({ ...returned, beside }, { refunds: [refund("failed", { amountMinor: 1000 })] });
    expect(back.payment).toMatchObject({ live: 2, refundedMinor: 0 });
  });

  it("that only release an authorization succeed and fail with it", () => {
    const own = { ...oneOf(claimed()), kind: "release" as const };
    const authorized = { ...payment({ state: "requires_capture" }), refunds: [own] };
    expect(oneOf(reduced(authorized, { intent: intent("canceled") })).state).toBe("succeeded");
    expect(oneOf(reduced(authorized, { intent: intent("succeeded") }))).toMatchObject({
      state: "failed",
      failure: "captured_first",
    });
  });
});

describe("the next check", () => {
  const dueIn = ({ payment: { dueAt } }: PaymentAggregate) => (dueAt === null ? null : dueAt - nowMs);

  it.each<[what: string, before: PaymentAggregate, snapshot: StripeSnapshot, delayMs: number | null]>([
    ["a new unpaid payment", payment(), {}, 10 * minuteMs],
    ["an unpaid payment of three hours", payment({ createdAt: nowMs - 180 * minuteMs }), {}, 180 * minuteMs],
    ["an unpaid payment of a week", payment({ createdAt: nowMs - 7 * dayMs }), {}, dayMs],
    ["an unpaid payment of a month", payment({ createdAt: nowMs - 30 * dayMs }), {}, null],
    ["a payment at its bank", payment({ state: "processing" }), {}, 60 * minuteMs],
    ["an authorization before its warning", authorizedFor(3 * dayMs), {}, 2 * dayMs],
    ["an authorization after its warning", authorizedFor(dayMs / 2), {}, dayMs / 2 + minuteMs],
    ["a pending refund", paid(), { refunds: [refund("pending")] }, 60 * minuteMs],
    ["an answer that is incomplete", paid(), { isIncomplete: true }, minuteMs],
    [
      "a charge that is not settled",
      payment(),
      { intent: intent("succeeded", { charge: charge({ moved: undefined }) }) },
      minuteMs,
    ],
    [
      "a fee that is not collected",
      payment({ applicationFeeMinor: 50 }),
      { intent: intent("succeeded", { charge: charge({ applicationFeeMinor: 50 }) }) },
      minuteMs,
    ],
    ["a payment of a cancelled order", { ...payment(), orderCancelled: true }, {}, minuteMs],
    ["a payment that is refunded", paid(), { refunds: [refund("succeeded", { amountMinor: 1000 })] }, null],
  ])("of %s", (_what, before, snapshot, delayMs) => {
    expect(dueIn(reduced(before, snapshot))).toBe(delayMs);
  });

  it("warns once before an authorization ends", () => {
    expect(reduced(authorizedFor(dayMs), {}).payment.warnedAt).toBe(nowMs);
    expect(reduced(authorizedFor(dayMs + 1), {}).payment.warnedAt).toBeNull();
    const warnedAt = nowMs - 5;
    expect(
      reduced(payment({ state: "requires_capture", captureBefore: nowMs + 1, warnedAt }), {}).payment.warnedAt,
    ).toBe(warnedAt);
  });
});

function authorizedFor(leftMs: number): PaymentAggregate {
  return payment({ state: "requires_capture", captureBefore: nowMs + leftMs });
}

function oneOf({ refunds: [first] }: Pick<PaymentAggregate, "refunds">) {
  if (!first) throw new Error("no refund");
  return first;
}
