import { readFileSync } from "node:fs";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import Trimmed from "#stripe";
import { trim } from "../src/cli/write-stripe";
import { resources } from "../src/stripe/resources";

describe("Stripe's SDK as the Worker holds it", () => {
  const whole = new Stripe("sk_test_1");
  const trimmed = new Trimmed("sk_test_1");

  it("is of the version that is installed", () => {
    expect(Trimmed.PACKAGE_VERSION).toBe(Stripe.PACKAGE_VERSION);
    expect(Trimmed.API_VERSION).toBe(Stripe.API_VERSION);
  });

  it.each(Object.entries(resources))("has of %s what is used", (name, methods) => {
    expect(methodsOf(trimmed, name)).toEqual(["constructor", ...methods].toSorted());
    expect(methodsOf(whole, name)).toEqual(expect.arrayContaining([...methods]));
  });

  it("has no other resource", () => {
    const namesOf = (client: object) =>
      Object.entries(client).flatMap(([name, held]) => (isResource(held) && !name.startsWith("_") ? name : []));
    expect(namesOf(whole)).toContain("issuing");
    const used = Object.keys(resources).map((name) => name.replace(".sessions", ""));
    expect(namesOf(trimmed).toSorted()).toEqual([...used, "account"].toSorted());
  });

  it("puts the same on the wire", async () => {
    const sent = await Promise.all([Stripe, Trimmed].map(requestsOf));
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[0]?.[0]).toContain("payment_intent_data[transfer_group]=testimony-1");
  });

  const otherwise = (file: string, from: string, to: string) => () =>
    trim(file, readFileSync(`node_modules/stripe/esm/${file}`, "utf8").replaceAll(from, to));

  it("is not built of a client that is made in another way", () => {
    expect(otherwise("stripe.core.js", "", "")()).not.toContain("resources.js");
    expect(otherwise("stripe.core.js", "this.refunds = ", "this.returns = ")).toThrow("constructs no refunds");
    expect(otherwise("stripe.core.js", "(this);", "(this, {});")).toThrow("another version");
    expect(otherwise("stripe.core.js", "Stripe.resources = resources;", "")).toThrow("another version");
  });

  it("is not built of resources that are made in another way", () => {
    expect(otherwise("resources/Refunds.js", "", "")()).not.toContain("cancel(");
    expect(otherwise("resources/Refunds.js", "retrieve(", "fetch(")).toThrow("no method retrieve");
    expect(otherwise("resources/Checkout/Sessions.js", "", "")()).not.toContain("responseSchema");
    expect(otherwise("StripeResource.js", "spec?.methodType", "spec?.kind")).toThrow("another version");
  });
});

function isResource(held: unknown): held is object {
  return typeof held === "object" && held !== null && ("_stripe" in held || "stripe" in held);
}

/** Names of the methods of a resource, which "checkout.sessions" is as well. */
function methodsOf(client: Stripe, path: string): string[] {
  const resource = path.split(".").reduce<object>((held, name) => Reflect.get(held, name), client);
  return Object.getOwnPropertyNames(Object.getPrototypeOf(resource)).toSorted();
}

/** What a client sends for two calls, without what is random or tells of the runtime. */
async function requestsOf(Sdk: typeof Stripe): Promise<string[]> {
  const sent: string[] = [];
  const record = async (url: string | URL | Request, init: RequestInit = {}) => {
    const headers = [...new Headers(init.headers)].filter(([name]) => !/user-agent|idempotency-key/.test(name));
    sent.push(`${init.method} ${url} ${JSON.stringify(headers)} ${decodeURIComponent(String(init.body ?? ""))}`);
    return Response.json({ id: "cs_1", object: "checkout.session" });
  };
  const sdk = new Sdk("sk_test_1", { httpClient: Sdk.createFetchHttpClient(record), telemetry: false });
  const metadata = { attempt: 1, note: "" };
  await sdk.checkout.sessions.create({
    mode: "payment",
    payment_intent_data: { transfer_group: "testimony-1", metadata },
  });
  await sdk.checkout.sessions.retrieve(
    "cs_1",
    { expand: ["payment_intent.latest_charge"] },
    { stripeAccount: "acct_1" },
  );
  return sent;
}
