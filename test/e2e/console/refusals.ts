import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { isAccessible, open, settled } from "./browser.ts";
import { unlock } from "./drill.ts";
import type { World } from "./world.ts";

/** Shows each screen while the server refuses what it reads: the state says so, and the page stays. */
export async function saysWhatFailed(page: Page, origin: string, screens: Record<string, string>): Promise<void> {
  for (const status of [403, 404, 429, 503]) {
    await page.route("**/api/v1/**", (route) =>
      /\/admin\/session$/.test(route.request().url()) ? route.continue() : route.fulfill(problem(status)),
    );
    for (const [name, path] of Object.entries(screens)) {
      await open(page, `${origin}/console${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      if (name === "search" || name === "overview") continue;
      const failed = page.locator(".notice.failed").first();
      await failed.waitFor();
      if (status !== 503) continue;
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        await isAccessible(page, `${name}, refused, ${colorScheme}`);
      }
    }
    await page.unroute("**/api/v1/**");
  }
  await page.emulateMedia({ colorScheme: null });
}

function problem(status: number) {
  return {
    status,
    contentType: "application/problem+json",
    headers: { "Retry-After": "7" },
    body: JSON.stringify({ code: `code_${status}`, detail: "As it is.", requestId: "request-1" }),
  };
}

/** Shows that a lost connection keeps what was read, says so, and that the next answer ends it. */
export async function keepsThePage(page: Page, origin: string, { accepted }: World): Promise<void> {
  await open(page, `${origin}/console/objects/${accepted.testimonyId}`);
  const rows = await page.locator("main [data-row^=entry]").count();
  assert.ok(rows > 10);
  await page.route("**/api/v1/**", (route) => route.abort());
  await page.getByText("The connection is lost").waitFor();
  assert.equal(await page.locator("main [data-row^=entry]").count(), rows);
  await page.unroute("**/api/v1/**");
  await page.getByText("The connection is lost").waitFor({ state: "detached" });

  // A session that has ended asks for the token over the page, which stays.
  await page.route("**/api/v1/admin/pulse", (route) => route.fulfill(problem(401)));
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal(await page.locator("main [data-row^=entry]").count(), rows);
  await page.unroute("**/api/v1/admin/pulse");
  await page.getByRole("dialog").locator("input[type=password]").fill("admin_sandbox");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** Shows that a change which is refused or lost keeps its dialog, with what was typed, and is sent again under its key. */
export async function keepsTheDialog(page: Page, origin: string, { developerId }: World): Promise<void> {
  await unlock(page, origin);
  await open(page, `${origin}/console/developers/${developerId}`);
  await page.locator("[data-operation=revoke-developer-token]").click();
  const dialog = page.getByRole("dialog", { name: "Revoke developer token?" });
  await dialog.waitFor();
  for (const status of [403, 404, 409, 422, 429, 503]) {
    await page.route("**/tokens/*", (route) => route.fulfill(problem(status)));
    await dialog.getByRole("button", { name: "Revoke developer token" }).click();
    await dialog.getByText(`code_${status}`).waitFor();
    await page.unroute("**/tokens/*");
  }
  await dialog.getByRole("button", { name: "Keep as it is" }).click();
}

/** Shows that an answer which is lost on its way does not make a change happen twice, nor one in between sign-ins. */
export async function survivesALostAnswer(page: Page, origin: string, { payment, journey }: World): Promise<void> {
  const before = await refundsOf(journey, payment.transactionId);
  await unlock(page, origin);
  await open(page, `${origin}/console/objects/${payment.transactionId}`);
  await page.locator("[data-operation=refund-payment-of-any]").first().click();
  const dialog = page.getByRole("dialog", { name: "Refund payment?" });
  await fillRefund(page, "1.00");
  const refund = /\/payments\/[^/]+\/refund$/;
  await page.route(refund, (route) => route.fulfill(problem(401)));
  await dialog.getByRole("button", { name: "Refund payment" }).click();
  await page.getByRole("heading", { name: "Unlock changes" }).waitFor();
  await page.getByRole("dialog").last().locator("input[type=password]").fill("admin_sandbox");
  await page.keyboard.press("Enter");
  await dialog.waitFor();
  assert.equal(await dialog.getByRole("textbox", { name: /^Amount/ }).inputValue(), "1.00", "what was typed is kept");
  await page.unroute(refund);
  await dialog.getByRole("button", { name: "Show what happens" }).click();
  await dialog.getByRole("heading", { name: "What happens" }).waitFor();
  const keys: (string | undefined)[] = [];
  await page.route(refund, async (route) => {
    keys.push((await route.request().headerValue("Idempotency-Key")) ?? undefined);
    if (keys.length > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await dialog.getByRole("button", { name: "Refund payment" }).click();
  await dialog.getByText("no_answer").waitFor();
  await dialog.getByRole("button", { name: "Refund payment" }).click();
  await page.getByText("It is done, and stands in the timeline").waitFor();
  await page.unroute(refund);
  assert.equal(keys[0], keys[1], "the lost one and its repetition have one key");
  assert.ok(keys[0]);
  assert.equal(await refundsOf(journey, payment.transactionId), before + 1, "one more");
  await page.getByRole("button", { name: "Close" }).click();
}

/** Two operators give the same back at the same time: the second is refused by the state of the object. */
export async function refusesTheSecond(browser: Browser, origin: string, { stuck, journey }: World): Promise<void> {
  const { search = "" } = stuck.find(({ name }) => name === "refund failed") ?? {};
  const pages: Page[] = [];
  for (const token of ["admin_sandbox", "colleague_sandbox"]) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await unlock(page, origin, token);
    await open(page, `${origin}/console/objects/${search}`);
    await page.locator("main [data-operation=refund-testimony]").first().click();
    const dialog = page.getByRole("dialog", { name: "Refund testimony?" });
    await dialog.getByRole("textbox", { name: /whole amount/ }).fill("180.90");
    await dialog.getByRole("textbox", { name: /^Reason/ }).fill("Once more.");
    await dialog.getByRole("button", { name: "Show what happens" }).click();
    await dialog.getByRole("heading", { name: "What happens" }).waitFor();
    pages.push(page);
  }
  const [first, second] = pages as [Page, Page];
  for (const page of pages) await page.getByRole("dialog").getByRole("button", { name: "Refund testimony" }).click();
  await first.getByText("It is done, and stands in the timeline").waitFor();
  await second.getByText(/state_wrong|It is done/).waitFor();
  const { body } = await journey.operator("GET", `/testimonies/${search}/timeline`);
  const again = body.data.entries.filter((one: { name?: string }) => one.name === "refund-again");
  assert.equal(again.length, 1, "it went back once more");
  assert.equal(await second.getByText("state_wrong").count(), 1, "the second is refused");
  for (const page of pages) await page.context().close();
}

/** Two operators see the same of a payment, and each gives a part back: the second is told that it has changed. */
export async function refusesTheSecondPart(browser: Browser, origin: string, { payment, journey }: World) {
  const before = await refundsOf(journey, payment.transactionId);
  const pages: Page[] = [];
  for (const token of ["admin_sandbox", "colleague_sandbox"]) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await unlock(page, origin, token);
    await open(page, `${origin}/console/objects/${payment.transactionId}`);
    await page.locator("main [data-operation=refund-payment-of-any]").first().click();
    await fillRefund(page, "1.00");
    pages.push(page);
  }
  const [first, second] = pages as [Page, Page];
  for (const [page, outcome] of [
    [first, "It is done, and stands in the timeline"],
    [second, "What is refunded has changed since you looked."],
  ] as const) {
    await page.getByRole("dialog").getByRole("button", { name: "Refund payment" }).click();
    await page.getByRole("dialog").getByText(outcome).waitFor();
  }
  assert.equal(await refundsOf(journey, payment.transactionId), before + 1, "one more");
  for (const page of pages) await page.context().close();
}

async function fillRefund(page: Page, amount: string): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Refund payment?" });
  await dialog.getByRole("textbox", { name: /^Amount/ }).fill(amount);
  await dialog.getByRole("textbox", { name: /^Reason/ }).fill("It came late.");
  await dialog.getByRole("button", { name: "Show what happens" }).click();
  await dialog.getByRole("heading", { name: "What happens" }).waitFor();
  await settled(page);
}

async function refundsOf(journey: World["journey"], id: string): Promise<number> {
  return (await journey.operator("GET", `/payments/${id}`)).body.data.refunds.length;
}
