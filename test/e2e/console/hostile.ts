import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Journey } from "../../journey.ts";
import type { Shop } from "../../shop.ts";
import type { TransfersJourney } from "../../transfers-journey.ts";
import { fits, open } from "./browser.ts";

/** Texts that a page must show as texts: markup, a script's address, marks that turn the direction, and great length. */
export const hostile = {
  markup: `<img src=x onerror="document.title='broken in'"><script>document.title='broken in'</script>`,
  turned: "\u202eevil\u202c javascript:alert(1)",
  long: "x".repeat(150),
};

/** Texts that users have given, by the path of a screen that is about them. */
export type Planted = Readonly<Record<string, readonly string[]>>;

/** Makes the hostile text of a field, which its name begins. */
function textOf(field: string): string {
  return `${field} ${hostile.markup} ${hostile.turned}`;
}

/** Gives a hostile text in every field in which users of the three contracts may write what they want. */
export async function plant(journey: Journey, shop: Shop, transfers: TransfersJourney): Promise<Planted> {
  return { ...(await inOffers(journey)), ...(await inPayments(journey, shop)), ...(await inTransfers(transfers)) };
}

async function inOffers(journey: Journey): Promise<Planted> {
  const [client, expert] = [await journey.registerClient(), await journey.registerExpert()];
  const testimony = {
    purpose: "mortgage",
    realEstate: {
      type: "house",
      properties: { [textOf("property")]: textOf("value") },
      address: { line1: textOf("line1"), line2: textOf("line2"), city: textOf("city"), postalCode: "811 01" },
      region: "ba",
    },
  };
  const made = await journey.must(201, "POST", "/testimonies", { token: client.token, body: testimony });
  const id: string = made.body.data.id;
  const offer = { price: 149.5, deliveryDays: 14, notes: textOf("notes") };
  await journey.must(201, "POST", `/testimonies/${id}/offers`, { token: expert.token, body: offer });
  const body = { cancellationReason: textOf("cancellationReason") };
  await journey.must(204, "POST", `/testimonies/${id}/cancel`, { token: client.token, body });
  return { [`/objects/${id}`]: [] };
}

async function inPayments(journey: Journey, shop: Shop): Promise<Planted> {
  const headers = { "X-Developer-Token": shop.token };
  const endpoint = {
    url: "https://example.com/hook?<script>document.title='broken in'</script>",
    events: ["payment.canceled"],
    description: textOf("endpoint"),
    metadata: { note: textOf("endpointMetadata") },
  };
  await journey.must(201, "POST", "/webhook-endpoints", { headers, body: endpoint });
  await journey.must(201, "POST", "/apps", { headers, body: { name: textOf("app") } });
  const user = { app_id: shop.appId, external_id: textOf("externalId") };
  await journey.must(201, "POST", "/users", { headers, body: user });
  const metadata = { [`key ${"<b>"}`]: textOf("metadata") };
  const payment = await shop.paid({ amount: 900, description: textOf("description"), metadata });
  await shop.refund(payment, { amount: 300, reason: textOf("refundReason") });
  return {
    [`/objects/${payment.transactionId}`]: ["description", "metadata"],
    "/webhooks": [],
  };
}

async function inTransfers(transfers: TransfersJourney): Promise<Planted> {
  const name = textOf("application").slice(0, 150);
  const [sender, receiver] = [await transfers.tenant({ name }), await transfers.tenant({ name: hostile.turned })];
  const subject = { externalId: textOf("subject"), displayName: textOf("displayName").slice(0, 150) };
  await transfers.must(sender, "POST", "/subjects", subject);
  const transfer = await transfers.initiated(sender, receiver, {
    narration: textOf("narration"),
    externalId: textOf("externalId"),
    metadata: { [textOf("key")]: textOf("value") },
  });
  await transfers.reject(receiver, transfer, textOf("rejectionReason"));
  return {
    [`/objects/${transfer.reference}`]: ["narration", "rejectionReason", "application"],
    "/applications": ["application"],
    [`/objects/${sender.id}`]: [],
  };
}

/** Opens every screen that is about such texts: those that it tells are there as texts, and no script of theirs runs. */
export async function showsTexts(page: Page, origin: string, planted: Planted): Promise<number> {
  let count = 0;
  for (const [path, fields] of Object.entries(planted)) {
    await open(page, `${origin}/console${path}`);
    await page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true })");
    const shown = String(await page.locator("main").textContent());
    for (const field of fields) assert.ok(shown.includes(`${field} <img src=x`), `${path} shows ${field} as a text`);
    await isUnbroken(page, path);
    await fits(page, path);
    count += fields.length;
  }
  await open(page, `${origin}/console/objects/${encodeURIComponent(`javascript:alert(1)//${"x".repeat(10_000)}`)}`);
  await page.locator(".notice.failed").waitFor();
  await fits(page, "an id of 10,000 characters");
  await isUnbroken(page, "a long id");
  return count;
}

async function isUnbroken(page: Page, name: string): Promise<void> {
  assert.match(await page.title(), / · Accord$/, name);
  assert.doesNotMatch(await page.title(), /^broken in/, name);
  assert.equal(await page.locator("img, script:not([src]), iframe, a[href^='javascript:' i]").count(), 0, name);
}
