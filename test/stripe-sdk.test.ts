import { readFileSync } from "node:fs";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import Trimmed from "#stripe";
import { trimClient } from "../src/cli/write-stripe";
import { resources } from "../src/stripe/resources";

describe("Stripe's SDK as the Worker holds it", () => {
  const whole = new Stripe("sk_test_1");
  const trimmed = new Trimmed("sk_test_1");

  it("is of the version that is installed", () => {
    expect(Trimmed.PACKAGE_VERSION).toBe(Stripe.PACKAGE_VERSION);
    expect(Trimmed.API_VERSION).toBe(Stripe.API_VERSION);
  });

  it.each(resources)("has all of %s", (name) => {
    expect(shapeOf(trimmed[name])).toEqual(shapeOf(whole[name]));
    expect(shapeOf(trimmed[name]).length).toBeGreaterThan(0);
  });

  it("has no other resource", () => {
    const namesOf = (client: object) =>
      Object.entries(client).flatMap(([name, held]) => (isResource(held) && !name.startsWith("_") ? name : []));
    expect(namesOf(whole)).toContain("issuing");
    expect(namesOf(trimmed).toSorted()).toEqual([...resources, "account"].toSorted());
  });

  it("puts the same on the wire", async () => {
    const sent = await Promise.all([Stripe, Trimmed].map(requestsOf));
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[0]?.[0]).toContain("payment_intent_data[transfer_group]=testimony-1");
  });

  it("is not built of a client that is made in another way", () => {
    const source = readFileSync("node_modules/stripe/esm/stripe.core.js", "utf8");
    expect(trimClient(source)).not.toContain("resources.js");
    const otherwise = (from: string | RegExp, to: string) => () => trimClient(source.replaceAll(from, to));
    expect(otherwise("this.refunds = ", "this.returns = ")).toThrow("constructs no refunds");
    expect(otherwise("(this);", "(this, {});")).toThrow("another version");
    expect(otherwise("Stripe.resources = resources;", "")).toThrow("another version");
  });
});

function isResource(held: unknown): held is object {
  return typeof held === "object" && held !== null && ("_stripe" in held || "stripe" in held);
}

/** Names of methods, and of resources below with theirs. */
function shapeOf(resource: object): string[] {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(resource));
  const below = Object.entries(resource).filter(
    ([name, held]) => !name.startsWith("_") && name !== "stripe" && isResource(held),
  );
  return [
    ...methods,
    ...below.flatMap(([name, held]) => shapeOf(held).map((method) => `${name}.${method}`)),
  ].toSorted();
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
