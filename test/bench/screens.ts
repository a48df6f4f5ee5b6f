import { existsSync } from "node:fs";
import type { BrowserContext, Page, Response } from "playwright-core";
import { costOf } from "../cost.ts";
import { open, startBrowser } from "../e2e/console/browser.ts";
import { Inbox } from "../e2e/inbox.ts";
import type { SandboxServer } from "../e2e/server.ts";
import { Journey } from "../journey.ts";
import { Shop } from "../shop.ts";
import { copyRows } from "./copy-rows.ts";

const callsMax = 3;
const roundTripsMax = 2;
const rowsMax = 2_000;
/** The rows of the page that is shown, beside those that are looked at. */
const pageRowsMax = 400;

/** What the page around a screen asks by itself, on every screen. */
const ofFrame = /\/admin\/(session|pulse|attention)$/;

interface Past {
  server: SandboxServer;
  /** A transfer in the middle of all. */
  reference: string;
  applicationId: string;
}

/**
 * Copies a payment until there are so many, opens each screen of the console as it is outside the sandbox, and prints
 * what its calls cost. Returns the screens that cost too much.
 */
export async function printScreens({ server, reference, applicationId }: Past, payments: number): Promise<string[]> {
  if (!existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium")) {
    console.log("\nThere is no Chromium (CHROMIUM), so the console's screens are not measured.");
    return [];
  }
  const journey = new Journey((request) => fetch(request), server.url);
  const shop = await Shop.open(journey);
  const developerId = (await journey.operator("GET", "/developers")).body.data[0].id;
  await new Inbox(journey, server.url, "growth", { headers: { "X-Developer-Token": shop.token } }).open();
  const payment = await shop.paid({ amount: 2500 });
  await shop.refund(payment, { amount: 500 });
  const session = await journey.paidOffer();
  await journey.accept(session);
  await journey.advance(120);
  const { body } = await journey.operator("GET", `/payments/${payment.transactionId}`);
  await server.stop();
  const { id, createdAt } = body.data.payment;
  const rows = copyRows(server.stateDir, { id, createdAtMs: Date.parse(createdAt), copies: payments });
  await server.restart();
  console.log(`
The console's screens, as they are outside the sandbox, among these transfers and ${payments.toLocaleString("en")} payments (${rows.toLocaleString("en")} rows): the calls
of a screen, without those that the page asks on all of them; and the most that one call takes. At the end the page's own.
`);
  const screens: Record<string, string> = {
    overview: "",
    attention: "/attention",
    testimonies: "/testimonies",
    "a testimony": `/objects/${session.testimonyId}`,
    payments: "/payments",
    "payments of an order": `/payments?order_id=${payment.orderId}`,
    "a payment": `/objects/${payment.transactionId}`,
    transfers: "/transfers",
    "transfers of an application": `/transfers?sender=${applicationId}`,
    "a transfer": `/objects/${reference}`,
    ledger: "/ledger",
    settlement: "/settlement",
    webhooks: "/webhooks",
    "failed deliveries": "/webhooks?deliveries.state=failed",
    stripe: "/stripe",
    users: "/users",
    developers: "/developers",
    "a developer": `/developers/${developerId}`,
    applications: "/applications",
    "an application": `/objects/${applicationId}`,
  };
  const browser = await startBrowser();
  try {
    const context = await outsideTheSandbox(await browser.newContext(), journey);
    return await measure(await context.newPage(), `${server.url}/console`, screens);
  } finally {
    await browser.close();
  }
}

/** Lets the page believe that it is served by a deployment, where nothing that reads everything runs by itself. */
async function outsideTheSandbox(context: BrowserContext, journey: Journey): Promise<BrowserContext> {
  const { body } = await journey.operator("GET", "/system");
  const json = { data: { ...body.data, mode: "test" } };
  await context.route("**/api/v1/admin/system", (route) => route.fulfill({ json }));
  return context;
}

async function measure(page: Page, origin: string, screens: Record<string, string>): Promise<string[]> {
  const tooMuch: string[] = [];
  const answers: Response[] = [];
  const frame: Response[] = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (pathname.startsWith("/api/") && !pathname.endsWith("/system"))
      (ofFrame.test(pathname) ? frame : answers).push(response);
  });
  const print = (name: string, costs: readonly { roundTrips: number; rowsRead: number }[]) => {
    const most = (of: "roundTrips" | "rowsRead") => Math.max(0, ...costs.map((cost) => cost[of]));
    const counts = [costs.length, most("roundTrips"), most("rowsRead")] as const;
    console.log(name.padEnd(32) + counts.map((count) => count.toLocaleString("en").padStart(14)).join(""));
    const [calls, roundTrips, rows] = counts;
    if (calls > callsMax || roundTrips > roundTripsMax || rows > rowsMax + pageRowsMax) tooMuch.push(name);
  };
  console.log(`${"".padEnd(32)}${["calls", "round trips", "rows read"].map((head) => head.padStart(14)).join("")}`);
  for (const [name, path] of Object.entries(screens)) {
    answers.length = 0;
    await open(page, origin + path);
    await page.waitForLoadState("networkidle");
    print(name, await Promise.all(answers.map(costOfResponse)));
  }
  const once = new Map(frame.map((response) => [new URL(response.url()).pathname, response]));
  for (const [path, response] of once) print(path.replace(/.*\/admin\//, "  "), [await costOfResponse(response)]);
  return tooMuch;
}

async function costOfResponse(response: Response) {
  const value = await response.headerValue("Accord-Cost");
  return costOf({ headers: new Headers(value === null ? {} : { "Accord-Cost": value }) });
}
