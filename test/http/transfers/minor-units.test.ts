import { beforeAll, describe, expect, it } from "vitest";
import type { Tenant } from "../../transfers-journey";
import { callRaw } from "../checked";
import { walk } from "./world";

let sender: Tenant;
let receiver: Tenant;
beforeAll(async () => {
  [sender, receiver] = [await walk.tenant(), await walk.tenant()];
});

const initiate = (amount: string, currency: string) =>
  callRaw("POST", "/api/v1/transactions", {
    token: sender.token,
    body: `{"senderTag":"${sender.tag}","receiverTag":"${receiver.tag}","amount":${amount},"currency":"${currency}"}`,
  });

describe("a currency without minor units", () => {
  it.each(["JPY", "KRW", "ISK", "VND", "XAF"])("takes no fraction (%s)", async (currency) => {
    for (const amount of ["0.5", "1500.0001", "1500.5000"]) {
      const { status, body } = await initiate(amount, currency);
      const errors = [`amount must be whole: ${currency} has no minor units`];
      expect([status, body.errorCode, body.errors]).toEqual([400, "VALIDATION_ERROR", errors]);
    }
    const { status, body } = await initiate("1500.0000", currency);
    expect([status, body.data.amount]).toEqual([201, 1500]);
    expect((await walk.accept(receiver, body.data)).status).toBe(200);
  });
});

it.each(["BHD", "USD", "NGN", "CLF"])("any other takes four decimals (%s)", async (currency) => {
  expect((await initiate("1500.0001", currency)).status).toBe(201);
});

it("refuses a code that names no currency", async () => {
  const { status, body } = await initiate("0.5", "ZZZ");
  expect([status, body.errorCode]).toEqual([422, "UNSUPPORTED_CURRENCY"]);
});
