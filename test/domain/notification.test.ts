import { describe, expect, it } from "vitest";
import { type HoldReason, holdReasons, toDo } from "../../src/domain/offers/payout";
import { eventTypes } from "../../src/domain/webhooks/event";
import { notifications, notificationTypes, shownOf } from "../../src/domain/webhooks/notification";
import type { NewEvent } from "../../src/operations/notify";

describe("what people are told", () => {
  it("is what the world is told of, each with a side that hears it", () => {
    expect(notificationTypes.filter((type) => !eventTypes.includes(type))).toEqual([]);
    expect(
      notificationTypes.filter((type) => !("client" in notifications[type] || "expert" in notifications[type])),
    ).toEqual([]);
  });

  it("shows of an event what its row names, and nothing else", () => {
    const data = { testimonyId: "t", offerId: "o", expertId: "e", reason: "a text" };
    expect(shownOf("testimony.refunded", data)).toEqual({ testimonyId: "t", offerId: "o" });
  });

  it("does not compile with a type that is unknown, nor without the people whom its type tells", () => {
    const data = {};
    const wrong: NewEvent[] = [
      // @ts-expect-error: no such type
      { type: "offer.forgotten", data },
      // @ts-expect-error: names nobody
      { type: "offer.accepted", data },
      // @ts-expect-error: forgets the expert
      { type: "offer.accepted", data, to: { client: "c" } },
      // @ts-expect-error: tells the other side
      { type: "payout.held", data, to: { client: "c" } },
      // @ts-expect-error: tells somebody of what nobody is told
      { type: "payment.succeeded", data, to: { client: "c" } },
    ];
    expect(wrong).toHaveLength(5);
  });
});

it("says what an expert can do about each reason that holds a payout, and to wait only where there is nothing else", () => {
  const steps = Object.fromEntries(holdReasons.map((one: HoldReason) => [one, toDo([one])]));
  expect(steps).toEqual({
    account_missing: ["open_payout_account"],
    account_gone: ["open_payout_account"],
    account_not_ready: ["finish_payout_account"],
    dispute_open: ["wait"],
    dispute_lost: ["wait"],
    refunded_at_stripe: ["wait"],
    charge_spent: ["wait"],
    balance_insufficient: ["wait"],
    not_released: ["wait"],
  });
  expect(toDo(["account_missing", "dispute_open"])).toEqual(["open_payout_account"]);
  expect(toDo(["dispute_open", "refunded_at_stripe"])).toEqual(["wait"]);
  expect(toDo(["account_missing", "not_released"], "completed")).toEqual(["open_payout_account", "complete_testimony"]);
  expect(toDo(["dispute_open", "not_released"], "days")).toEqual(["wait"]);
});
