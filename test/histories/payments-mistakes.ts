import type { Mistake } from "./mistakes.ts";

const migration = "migrations/0000_accord.sql";
const guards = "test/histories/payments-guards.test.ts";

/** Possible mistakes with payments, planted like those in mistakes.ts. */
export const paymentsMistakes: readonly Mistake[] = [
  {
    name: "a payment's call is not claimed before it is made",
    edits: [
      {
        file: "src/operations/payments/request-call.ts",
        find: "rows: [...(request.rows ?? []), reserveCall(deps, order)],",
        replace: "rows: [...(request.rows ?? []), ...(reserveCall(deps, order) ? [] : [])],",
      },
    ],
    tests: [guards],
  },
  {
    name: "a payment is answered although it could not be written down",
    edits: [
      {
        file: "src/operations/payments/execute-call.ts",
        find: `return success(await settlePayment(deps, aggregate, snapshot, { ...by, name: "open-payment", rows }));`,
        replace: `const unwritten = { ...aggregate, payment: { ...aggregate.payment, stripeId: outcome.value.id } };
    const opened = settlePayment(deps, aggregate, snapshot, { ...by, name: "open-payment", rows });
    return success(await opened.catch(() => unwritten));`,
      },
    ],
    tests: [guards],
  },
  {
    name: "an unknown outcome stands in nobody's way",
    edits: [
      {
        file: "src/operations/payments/request-call.ts",
        find: `  if (isUncertain(found.value)) return refuse("payment_uncertain");\n`,
        replace: "",
      },
    ],
    tests: [guards],
  },
  {
    name: "two payments stand for one order",
    edits: [
      {
        file: migration,
        find: "CREATE UNIQUE INDEX `payments_of_order`",
        replace: "CREATE INDEX `payments_of_order`",
      },
    ],
    tests: [guards],
  },
  {
    name: "the database lets more go back than was taken",
    edits: [
      {
        file: migration,
        find: `CHECK("payments"."refunded_minor" between 0 and "payments"."captured_minor")`,
        replace: `CHECK("payments"."refunded_minor" >= 0)`,
      },
    ],
    tests: [guards],
  },
  {
    name: "nobody counts what went back of a payment already",
    edits: [
      {
        file: "src/operations/payments/refund-payment.ts",
        find: `  if (amountMinor > leftMinor) return refuse("amount_exceeds_refundable", undefined, { refundable: leftMinor });\n`,
        replace: "",
      },
    ],
    tests: ["test/http/payments/refunds.test.ts"],
  },
  {
    name: "a repeated refund of a payment is another one",
    edits: [
      {
        file: "src/operations/payments/refund-payment.ts",
        find: "  if (earlier) return resumeRefund(deps, found, earlier.id, input);\n",
        replace: "",
      },
    ],
    tests: ["test/operations/faults/payments/idempotency.test.ts"],
  },
  {
    name: "a payment is confirmed on whichever account is named",
    edits: [
      {
        file: "src/http/payments/confirm-payment.ts",
        find: "if (payment.stripeAccountId !== body.account_id)",
        replace: "if (payment.stripeAccountId === undefined)",
      },
    ],
    tests: ["test/http/payments/transactions.test.ts"],
  },
  {
    name: "another shopper's payment is everybody's",
    edits: [
      {
        file: "src/http/payments/own-objects.ts",
        find: "&& appId === app.id && userId === user.id;",
        replace: "&& appId === app.id && userId.length === user.id.length;",
      },
    ],
    tests: ["test/http/payments/transactions.test.ts"],
  },
  {
    name: "an event of another account is about our payment",
    edits: [
      {
        file: "src/operations/stripe-events/process-payment-event.ts",
        find: "if (!found || found.payment.stripeAccountId !== event.account) return undefined;",
        replace: "if (!found) return undefined;",
      },
    ],
    tests: ["test/operations/payments/events.test.ts"],
  },
  {
    name: "a payment that is over goes back to its beginning",
    edits: [
      {
        file: "src/domain/payments/payment.ts",
        find: `"await-method": { actors: anybody, from: unpaid,`,
        replace: `"await-method": { actors: anybody, from: [...paymentStates],`,
      },
    ],
    tests: ["test/domain/machines.test.ts"],
  },
  {
    name: "an answer that is older than what we know of a payment is believed",
    edits: [
      {
        file: "src/operations/payments/reduce-payment.ts",
        find: "  if (!isAllowed && state !== payment.state) return payment;\n",
        replace: "  if (isAllowed === undefined) return payment;\n",
      },
    ],
    tests: [guards],
  },
  {
    name: "the fee of a captured part is rounded down",
    edits: [{ file: "src/domain/payments/charge-amount.ts", find: "+ whole / 2n) / whole;", replace: ") / whole;" }],
    tests: ["test/domain/payments/charge-amount.test.ts"],
  },
  {
    name: "our fee of a payment stays when the money goes back",
    edits: [
      {
        file: "src/operations/payments/refund-payment.ts",
        find: "returnsFee: payment.applicationFeeMinor > 0,",
        replace: "returnsFee: false,",
      },
    ],
    tests: ["test/operations/payments/refunds.test.ts"],
  },
  {
    name: "a refund is posted before its money moves",
    edits: [
      {
        file: "src/operations/payments/payment-postings.ts",
        find: "    else if (movesMoney) yield [id,",
        replace: "    else if (movesMoney || id) yield [id,",
      },
    ],
    tests: ["test/operations/payments/refunds.test.ts"],
  },
  {
    name: "what a bank takes back of a payment is not posted",
    edits: [
      {
        file: "src/operations/payments/payment-postings.ts",
        find: "    yield [id, moved?.currency ?? currency, sellerGets(-withheldMinor)];",
        replace: "    if (withheldMinor < 0) yield [id, moved?.currency ?? currency, sellerGets(-withheldMinor)];",
      },
    ],
    tests: ["test/operations/payments/disputes.test.ts"],
  },
  {
    name: "money for a cancelled order is kept",
    edits: [
      {
        file: "src/operations/payments/orphaned-payment.ts",
        find: `state === "requires_capture" || refundedMinor + lostMinor(disputes) < capturedMinor;`,
        replace: `state === "requires_capture" && refundedMinor + lostMinor(disputes) < capturedMinor;`,
      },
    ],
    tests: ["test/operations/payments/cancelled-orders.test.ts"],
  },
  {
    name: "an order whose money all went back can never be paid again",
    edits: [
      {
        file: "src/domain/payments/payment.ts",
        find: "sumOf(returned) + lostMinor(disputes) < capturedMinor;",
        replace: "sumOf(returned) + lostMinor(disputes) <= capturedMinor;",
      },
    ],
    tests: ["test/operations/payments/orders.test.ts"],
  },
  {
    name: "nobody looks when an authorisation ends",
    edits: [
      {
        file: "src/operations/payments/next-poll.ts",
        find: "return nextEndOf(payment, nowMs);",
        replace: "return nextEndOf(payment, nowMs) > 0 ? null : nowMs;",
      },
    ],
    tests: ["test/operations/payments/manual-capture.test.ts"],
  },
];
