/**
 * Tests the sandbox's pages as a person with a browser: the page of controls and everything on it, a declined card, a
 * payment, a bank's authentication, a way back, the expert's onboarding. Needs Chromium: CHROMIUM, or
 * /usr/bin/chromium. Screenshots are left in test/e2e/screenshots.
 */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { cards, Journey } from "../journey.ts";
import { isBackAfterPaying, isDeclined, payWith, showsWhatIsPaid } from "./browser/checkout.ts";
import { isTriedOut, looksRight } from "./browser/reference.ts";
import { followEveryLink, tryTheRest, walkThrough } from "./browser/start-page.ts";
import { startServer } from "./server.ts";

const screenshots = join(import.meta.dirname, "screenshots");
const authenticated = "4000002500003155";

mkdirSync(screenshots, { recursive: true });
const server = await startServer();
const journey = new Journey((request) => fetch(request), server.url);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // Root cannot use Chromium's sandbox; the other options keep the browser off the network.
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
const problems: string[] = [];
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(15_000);
  collectProblems(page);

  await step("the payment page shows what is paid", async () => {
    await page.goto((await openSession()).url);
    await showsWhatIsPaid(page);
    await snapshot(page, "checkout");
    await page.setViewportSize({ width: 390, height: 844 });
    await snapshot(page, "checkout-phone");
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  await step("a declined card says so, and the next one pays", async () => {
    const session = await openSession();
    await page.goto(session.url);
    await payWith(page, cards.declined);
    await isDeclined(page, /declined.*not been charged/is);
    await snapshot(page, "declined");
    assert.equal(await journey.state(session), "offered");

    await payWith(page, cards.good);
    await isBackAfterPaying(page, session);
    await snapshot(page, "success");
    assert.equal((await journey.accept(session)).status, 204);
    assert.equal(await journey.state(session), "accepted");

    await page.goto(session.url);
    await page.getByRole("heading", { name: /already/i }).waitFor();
    await snapshot(page, "already-paid");
  });

  await step("a test card is filled in with a click", async () => {
    const session = await openSession();
    await page.goto(session.url);
    await page.getByRole("button", { name: /Pays at once/ }).click();
    await page.getByRole("button", { name: /^Pay / }).click();
    await isBackAfterPaying(page, session);
  });

  await step("a bank asks: refused, then approved", async () => {
    const session = await openSession();
    await page.goto(session.url);
    await payWith(page, authenticated);
    await snapshot(page, "authentication");
    await page.getByRole("button", { name: "Refuse" }).click();
    await isDeclined(page, /bank.*not been charged/is);
    await payWith(page, authenticated);
    await page.getByRole("button", { name: "Approve payment" }).click();
    await isBackAfterPaying(page, session);
    await becomes(session, "accepted"); // nobody confirms: the event does
  });

  await step("somebody turns back, and pays later", async () => {
    const session = await openSession();
    await page.goto(session.url);
    await page.getByRole("link", { name: /^Cancel and return/ }).click();
    await page.getByRole("heading", { name: "Payment cancelled" }).waitFor();
    await snapshot(page, "cancelled");
    assert.equal(await journey.state(session), "offered");
    await page.goBack();
    await payWith(page, cards.good);
    await isBackAfterPaying(page, session);
  });

  await step("a cancelled testimony's page takes no money", async () => {
    const session = await openSession();
    await page.goto(session.url);
    const body = {};
    await journey.must(204, "POST", `/testimonies/${session.testimonyId}/cancel`, {
      token: session.client.token,
      body,
    });
    await journey.advance(1);
    await payWith(page, cards.good);
    await page.getByRole("heading", { name: /expired/i }).waitFor();
    await snapshot(page, "closed");
  });

  await step("an expert completes onboarding", async () => {
    const expert = await journey.registerExpert();
    const { body } = await journey.must(200, "POST", "/me/payout-account", { token: expert.token, body: {} });
    await page.goto(body.data.url);
    await snapshot(page, "onboarding");
    await page.getByRole("button", { name: "Complete onboarding" }).click();
    await page.waitForLoadState();
    await snapshot(page, "onboarded");
    assert.ok(((await page.locator("body").textContent()) ?? "").trim().length > 0, "an empty page after onboarding");
    await within("the account is ready", async () => {
      const account = await journey.must(200, "GET", "/me/payout-account", { token: expert.token });
      return account.body.data.status === "ready";
    });
  });

  await step("no such session, in words", async () => {
    const answer = await page.goto(`${server.url}/sandbox/checkout/cs_test_nothing`);
    assert.equal(answer?.status(), 404);
    await snapshot(page, "not-found");
  });

  await step("every link of the page of controls leads somewhere", async () => {
    await page.goto(`${server.url}/sandbox`);
    await snapshot(page, "controls");
    console.log(`      ${await followEveryLink(page)} links`);
  });
  await step("its walk-through works as printed", () => walkThrough(page));
  await step("so does the rest of what it says", () => tryTheRest(page));

  await step("guides and reference look right, light and dark, narrow and wide", async () => {
    console.log(`      ${await looksRight(browser, server.url, snapshot)} pages`);
  });
  await step("each contract is tried out from its reference", () => isTriedOut(page, server.url));

  assert.deepEqual(problems, [], "the browser complained");
} finally {
  await browser.close();
  await server.remove();
}

/** Opens the payment page of an offer of 149.50. */
async function openSession() {
  return await journey.checkout(await journey.offerOnTable());
}

async function becomes(session: Parameters<Journey["state"]>[0], state: string): Promise<void> {
  await within(`the testimony is ${state}`, async () => (await journey.state(session)) === state);
}

async function within(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (const deadlineMs = Date.now() + 60_000; Date.now() < deadlineMs; ) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`not within a minute: ${what}`);
}

/** Collects errors that a person would see as a broken page: a blocked script, a failing script, a missing file. */
function collectProblems(page: Page): void {
  page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    const isStatus = /the server responded with a status of (402|404|410)/.test(message.text()); // pages of their own
    if (message.type() === "error" && !isStatus) problems.push(`${page.url()}: ${message.text()}`);
  });
}

async function snapshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
}

async function step(name: string, work: () => Promise<void>): Promise<void> {
  const startedMs = Date.now();
  await work();
  console.log(`ok    ${name} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
}
