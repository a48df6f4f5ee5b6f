/**
 * Tests the operator console as a person with a browser (src/guides/console.md). Needs Chromium: CHROMIUM, or
 * /usr/bin/chromium. Screenshots of every screen are left in test/e2e/screenshots. `--short` is what every pull request
 * runs: one look at the main screens, and the work. What a screen costs, and the clicks of a drill, are printed.
 */
import assert from "node:assert/strict";
import { agreesWithTheLedger } from "./console/balances.ts";
import { isAccessible, open, snapshot, startBrowser, step, watch } from "./console/browser.ts";
import { costsLittle, staysStill } from "./console/budgets.ts";
import { looksRightInDialogs } from "./console/dialogs.ts";
import { drill, unlock } from "./console/drill.ts";
import { recoversAnEndpoint } from "./console/endpoint.ts";
import { endsWell, settlesTheDay } from "./console/fault.ts";
import { showsTexts } from "./console/hostile.ts";
import { asksInMeasure } from "./console/live.ts";
import { suitsEveryMedium } from "./console/media.ts";
import {
  keepsTheDialog,
  keepsThePage,
  refusesTheSecond,
  refusesTheSecondPart,
  saysWhatFailed,
  survivesALostAnswer,
} from "./console/refusals.ts";
import { looksRight, screensOf, tellsTheSame } from "./console/screens.ts";
import { looksRightToNewcomers, looksRightToPayers, startsAfresh, tellsAllJourneys } from "./console/welcome.ts";
import { findsEach, happensOnce, keepsNoToken, worksByKeyboard } from "./console/work.ts";
import { makeWorld, type World } from "./console/world.ts";
import { startServer } from "./server.ts";

const isShort = process.argv.includes("--short");
const server = await startServer();
const browser = await startBrowser();
const origin = server.url;
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  context.setDefaultTimeout(20_000);
  const seen = watch(context, origin);
  const page = await context.newPage();

  await step("a fresh sandbox signs in by itself, and every screen says why it is empty", async () => {
    const none = "01a23109-2149-8f40-9dbf-c5b68d4ad7a5";
    const empty = {
      overview: "",
      attention: "/attention",
      ledger: "/ledger",
      users: "/users",
      developers: "/developers",
      webhooks: "/webhooks",
    };
    if (!isShort) await looksRight(browser, origin, empty, "empty-");
    await open(page, `${origin}/console/objects/${none}`);
    await page.locator(".notice.failed").waitFor();
    await open(page, `${origin}/console/attention`);
    await page.getByText("Nothing waits for a person").waitFor();
  });

  await step("a newcomer tells three journeys, breaks Stripe and moves the clock, and the books hold", async () => {
    seen.expected.push(/status of (402|409|422)/);
    console.log(`      ${await tellsAllJourneys(page, origin)} steps`);
  });
  await step("the Welcome and the pages of Stripe look right, and keep hostile texts as texts", async () => {
    for (const colorScheme of isShort ? (["light"] as const) : (["light", "dark"] as const)) {
      await page.emulateMedia({ colorScheme });
      await looksRightToNewcomers(page, origin);
      await looksRightToPayers(page, origin);
    }
    await page.emulateMedia({ colorScheme: "light" });
  });
  await step("the sandbox starts afresh", () => startsAfresh(page, origin));

  const startedMs = Date.now();
  const world: World = await makeWorld(server);
  console.log(`      the world is made in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  const timeline = await world.journey.operator("GET", `/timeline?id=${world.payment.transactionId}`);
  await step("the diagram, the table and the API tell the same", async () =>
    console.log(
      `      ${await tellsTheSame(page, origin, world.payment.transactionId, timeline.body.data.entries)} entries`,
    ),
  );
  await step("an id of each kind is found", async () =>
    console.log(`      ${await findsEach(page, origin, await idsOf(world))} ids`),
  );
  await step("hostile texts are texts", async () =>
    console.log(`      ${await showsTexts(page, origin, world.planted)} of them are shown`),
  );
  if (isShort) {
    await step("the main screens are accessible", async () => {
      for (const path of ["", "/attention", `/objects/${world.accepted.testimonyId}`]) {
        await open(page, `${origin}/console${path}`);
        await isAccessible(page, path);
      }
    });
  } else {
    await step("every screen looks right, light and dark, from 320 to 2560 px", async () =>
      console.log(`      ${await looksRight(browser, origin, screensOf(world))} looks`),
    );
    await step("every dialog is read whole, narrow and wide, and one button stands out", async () =>
      console.log(`      ${await looksRightInDialogs(browser, origin, world)} dialogs`),
    );
    await step("forced colours, paper and little motion are suited", () =>
      suitsEveryMedium(browser, origin, screensOf(world)),
    );
    await step("what each screen costs, four times slowed", () => costsLittle(browser, origin, screensOf(world)));
    await step("a quiet page stays still", () => staysStill(page, origin));
    await step("every screen says what failed", async () => {
      seen.expected.push(/status of (401|403|409|422|429|503)/);
      await saysWhatFailed(page, origin, screensOf(world));
      await keepsTheDialog(page, origin, world);
    });
    await step("it asks in measure, and says when it is old", () => asksInMeasure(browser, origin));
  }
  await step("a lost connection and an ended session keep the page", async () => {
    seen.expected.push(/ERR_FAILED/, /status of 401/);
    await keepsThePage(page, origin, world);
  });
  await step("the keyboard is enough", () => worksByKeyboard(page, origin, world));
  await step("a balance at a moment, and over time, is the ledger's", () => agreesWithTheLedger(page, origin, world));
  await step("an operator's drill: from an order to the action in at most four clicks", async () => {
    await unlock(page, origin);
    await drill(page, origin, world.stuck);
  });
  await step("a day that is not settled is", () => settlesTheDay(page, origin, world));
  if (!isShort) {
    await step("a fault at Stripe, lost events and a day later the books hold", () => endsWell(page, origin, world));
  }
  await step("what failed at an endpoint is sent again, as much as the dry run said", async () =>
    console.log(`      ${await recoversAnEndpoint(page, origin, world)} deliveries`),
  );
  await step("a refund that is confirmed in two tabs, twice in each, is one", () =>
    happensOnce(context, origin, world),
  );
  await step("a refund whose answer is lost happens once", () => survivesALostAnswer(page, origin, world));
  await step("of two operators who do the same, the second is refused", () => refusesTheSecond(browser, origin, world));
  await step("of two operators who have seen the same, one gives a part back", () =>
    refusesTheSecondPart(browser, origin, world),
  );
  await step("the token is nowhere", async () => {
    await open(page, `${origin}/console/objects/${world.waiting.testimonyId}`);
    await snapshot(page, "refunded");
    await keepsNoToken(
      page,
      context,
      server
        .output()
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .join("\n"),
    );
  });
  assert.deepEqual(seen.problems, [], "the browser complained");
  assert.equal((await world.journey.ledgerCheck()).ok, true, "the books hold");
} finally {
  await browser.close();
  await server.remove();
}

/** Returns an id of each kind that somebody may hold. */
async function idsOf({ accepted, payment, transfer, journey }: World): Promise<Record<string, string>> {
  const { body } = await journey.operator("GET", `/timeline?id=${accepted.testimonyId}`);
  const entries = body.data.entries as Record<string, string>[];
  const session = entries.find(({ call }) => call === "create-session");
  const charge = entries.find(({ account }) => account === "stripe_balance");
  const event = entries.find(({ kind }) => kind === "stripe_event");
  return {
    testimony: accepted.testimonyId,
    offer: accepted.offerId,
    "checkout session": session?.resultId ?? "",
    charge: charge?.reference ?? "",
    "Stripe's event": event?.id ?? "",
    request: entries.find(({ name }) => name === "create-testimony")?.requestId ?? "",
    PaymentIntent: payment.transactionId,
    transfer: transfer.reference,
    "client's e-mail": accepted.client.email,
    tag: transfer.senderTag,
    order: payment.orderId,
  };
}
