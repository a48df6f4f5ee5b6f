import { beforeEach, expect, it } from "vitest";
import { createTransfers, verifyWebhook, WebhookRefused } from "../../dist/assets/client/transfers";
import { encryptFor } from "../../src/crypto/jwe";
import { checkedSend, journey } from "../http/checked";
import { TransfersJourney } from "../transfers-journey";
import { type Arrival, arrived, boxUrl, makeEndpoint, sendTest } from "../webhooks/owner";

beforeEach(() => journey.reset());

/** Tries out every way in which a webhook can be not ours, on one that is. */
async function expectOnlyAsSent(
  { headers, body }: Arrival,
  secret: string,
  idHeader: string | undefined,
  timeHeader: string,
) {
  const reasonOf = (changed: Partial<Parameters<typeof verifyWebhook>[0]>) =>
    verifyWebhook({ headers, body, secret, ...changed }).then(
      () => "verified",
      (error: unknown) => (error instanceof WebhookRefused ? error.reason : String(error)),
    );
  expect(await reasonOf({})).toBe("verified");
  expect(await reasonOf({ headers: new Headers(headers) })).toBe("verified");
  const inCapitals = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
  expect(await reasonOf({ headers: inCapitals })).toBe("verified");
  for (let at = 0; at < body.length; at += 7) {
    const changed = body.slice(0, at) + String.fromCharCode(body.charCodeAt(at) ^ 1) + body.slice(at + 1);
    expect(await reasonOf({ body: changed })).toBe("signature_wrong");
  }
  expect(await reasonOf({ body: `${body} ` })).toBe("signature_wrong");
  const another = `whsec_${btoa("another secret of thirty-two byt")}`;
  expect(await reasonOf({ secret: another })).toBe("signature_wrong");
  expect(await reasonOf({ secret: "" })).toContain("the secret is empty");
  if (idHeader) expect(await reasonOf({ headers: { ...headers, [idHeader]: "x" } })).toBe("signature_wrong");
  const later = String(Number(headers[timeHeader]) + 1);
  expect(await reasonOf({ headers: { ...headers, [timeHeader]: later } })).toBe("signature_wrong");
  for (const [time, reason] of [
    ["1e9", "time_wrong"],
    ["1700000000", "time_wrong"],
    ["99999999999", "time_wrong"],
  ]) {
    expect(await reasonOf({ headers: { ...headers, [timeHeader]: time } })).toBe(reason);
  }
  expect(await reasonOf({ headers: {} })).toBe("header_missing");
}

it("Standard Webhooks: one as sent is verified, a changed byte, time, id or secret is refused", async () => {
  const endpoint = await makeEndpoint("main");
  await sendTest(endpoint);
  const [arrival] = await arrived("main", 1);
  const verified = await verifyWebhook({ ...arrival!, secret: endpoint.secret });
  expect(verified).toMatchObject({ scheme: "standard", event: { type: "webhook_endpoint.test", sequence: 1 } });
  await expectOnlyAsSent(arrival!, endpoint.secret, "webhook-id", "webhook-timestamp");
  const signatures = `v1,bm90IG91cnM= v2,xx v1,%% ${arrival!.headers["webhook-signature"]}`;
  const headers = { ...arrival!.headers, "webhook-signature": signatures };
  expect(await verifyWebhook({ ...arrival!, headers, secret: endpoint.secret })).toEqual(verified);
});

it("the transfers contract's own form: the same", async () => {
  const transfers = new TransfersJourney(journey);
  const sender = await transfers.tenant();
  const receiver = await transfers.tenant({ webhookUrl: boxUrl("receiver") });
  const { reference } = await transfers.initiated(sender, receiver);
  const [arrival] = await arrived("receiver", 1);
  const verified = await verifyWebhook({ ...arrival!, secret: receiver.webhookSecret });
  expect(verified).toMatchObject({ scheme: "transfers", message: { transaction: { reference } } });
  await expectOnlyAsSent(arrival!, receiver.webhookSecret, undefined, "x-idaas-timestamp");
  for (const signature of ["", "v0=", "v0=0g", "v1=00"]) {
    const headers = { ...arrival!.headers, "x-idaas-signature": signature };
    await expect(verifyWebhook({ ...arrival!, headers, secret: receiver.webhookSecret })).rejects.toThrow(
      "signature_wrong",
    );
  }
});

it("the transfers contract's own form, encrypted: the text of the JWE is what is verified", async () => {
  const transfers = new TransfersJourney(journey);
  const sender = await transfers.tenant();
  const receiver = await transfers.tenant({ webhookUrl: boxUrl("receiver"), encrypted: true });
  await transfers.initiated(sender, receiver);
  const [arrival] = await arrived("receiver", 1);
  const verified = await verifyWebhook({ ...arrival!, secret: receiver.webhookSecret });
  expect(verified).toEqual({ scheme: "transfers", message: arrival!.body });
});

it("a request that was encrypted for the platform is sent as such", async () => {
  const client = createTransfers({ baseUrl: "http://localhost:8787", fetch: checkedSend });
  const { data } = await client.viewEncryptionKey();
  const application = JSON.stringify({ name: "Secretive", appHandle: "secretive" });
  const made = await client.registerApplication({ body: await encryptFor(data.jwk, application) });
  expect(made.data.appHandle).toBe("secretive");
  await expect(client.registerApplication({ body: "a.b.c.d.e" })).rejects.toMatchObject({
    code: "JWE_DECRYPTION_FAILED",
  });
});
