import { expect, it } from "vitest";
import { type AccountFacts, type AccountPurpose, type AccountState, accountState } from "../../src/domain/account";

const nothing: AccountFacts = {
  id: "acct_1",
  transfers: "inactive",
  cardPayments: "inactive",
  chargesEnabled: false,
  detailsSubmitted: true,
  disabledReason: null,
  due: [],
  pendingVerification: [],
};
const able: AccountFacts = { ...nothing, transfers: "active", cardPayments: "active", chargesEnabled: true };
const bankAccount = ["external_account"];

/** States of accounts at Stripe, with their meaning for payouts and for payments. */
const shapes: [what: string, facts: AccountFacts, payouts: AccountState, payments: AccountState][] = [
  ["just opened", { ...nothing, detailsSubmitted: false, due: bankAccount }, "incomplete", "incomplete"],
  ["left in the middle", { ...nothing, detailsSubmitted: false }, "incomplete", "incomplete"],
  ["something more is wanted", { ...nothing, due: ["individual.id_number"] }, "incomplete", "incomplete"],
  ["past due", { ...nothing, due: bankAccount, disabledReason: "requirements.past_due" }, "incomplete", "incomplete"],
  ["looked at", { ...nothing, disabledReason: "requirements.pending_verification" }, "under_review", "under_review"],
  ["looked at by people", { ...nothing, disabledReason: "under_review" }, "under_review", "under_review"],
  ["able", able, "ready", "ready"],
  ["able, with a question for later", { ...able, due: ["individual.id_number"] }, "ready", "ready"],
  ["charges on, payouts off", { ...able, transfers: "inactive", due: bankAccount }, "incomplete", "ready"],
  ["transfers only", { ...able, cardPayments: "inactive", chargesEnabled: false }, "ready", "under_review"],
  ["cards only pending", { ...able, cardPayments: "pending" }, "ready", "under_review"],
  ["charges stopped", { ...able, chargesEnabled: false, due: ["company.tax_id"] }, "ready", "incomplete"],
  ["rejected", { ...nothing, disabledReason: "rejected.fraud" }, "paused", "paused"],
  [
    "rejected before it was done",
    { ...nothing, detailsSubmitted: false, disabledReason: "rejected.other" },
    "paused",
    "paused",
  ],
  ["on a list", { ...nothing, due: bankAccount, disabledReason: "listed" }, "paused", "paused"],
  ["stopped by us", { ...nothing, disabledReason: "platform_paused" }, "paused", "paused"],
];

const each = shapes.flatMap(
  ([what, facts, payouts, payments]): [string, AccountPurpose, AccountState, AccountFacts][] => [
    [what, "payouts", payouts, facts],
    [what, "payments", payments, facts],
  ],
);

it.each(each)("an account that is %s is for %s: %s", (_, purpose, state, facts) => {
  expect(accountState(facts, purpose)).toBe(state);
});
