import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { fits, isAccessible, open, settled, snapshot } from "./browser.ts";
import { cutsNothing } from "./cut.ts";
import { unlock } from "./drill.ts";
import type { World } from "./world.ts";

interface Opened {
  path: string;
  /** The way to open it: an operation's button, or the steps of a person. */
  by: string | ((page: Page) => Promise<unknown>);
  /** The entries that are typed before the dry run can be asked for. */
  typed?: Readonly<Record<string, string>>;
}

/** Every dialog and menu of the console, each with a screen on which it opens. */
async function dialogsOf({ accepted, waiting, payment, limited, day, developerId, journey }: World) {
  const dialogs: Record<string, Opened> = {
    keys: { path: "", by: (page) => page.keyboard.press("?") },
    search: { path: "", by: (page) => page.keyboard.press("/") },
    "copy menu": { path: `/objects/${accepted.testimonyId}`, by: (page) => page.locator("main .menu").first().click() },
    "refund of a part": {
      path: `/objects/${payment.transactionId}`,
      by: "refund-payment-of-any",
      typed: { Amount: "1.00", Reason: "It came late." },
    },
    "refund of all": {
      path: `/objects/${waiting.testimonyId}`,
      by: "refund-testimony",
      typed: { Reason: "The expert has no account.", "The whole amount": "180.90" },
    },
    "limit of an application": { path: `/objects/${limited}`, by: "admit-application" },
    application: { path: "/applications", by: "admit-application" },
    token: { path: `/developers/${developerId}`, by: "revoke-developer-token" },
    user: {
      path: "/users",
      by: async (page) => {
        await page.locator("main a.open").first().click();
        await page.locator("[data-operation=suspend-user]").click();
      },
    },
    endpoint: { path: "/webhooks", by: "recover-deliveries-of-any" },
    delivery: { path: "/webhooks", by: "resend-delivery-of-any" },
    call: { path: "/stripe", by: "retry-stripe-call" },
    day: { path: `/settlement/${day}`, by: "settle-day-of-all" },
  };
  const { body } = await journey.operator("GET", "/attention");
  const waits = body.data.entries as { steps: { by: string; operation: string | null }[] }[];
  for (const { by, operation } of waits.flatMap(({ steps }) => steps)) {
    if (by === "operator" && operation) dialogs[`${operation} of what waits`] = { path: "/attention", by: operation };
  }
  return dialogs;
}

const widths = [320, 1280] as const;

/**
 * Opens every dialog narrow and wide: nothing in it is cut, axe finds nothing, one button stands out, the others are in
 * sight, and what a dry run or a refusal says is in sight, too. Returns how many dialogs were opened.
 */
export async function looksRightInDialogs(browser: Browser, origin: string, world: World): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 700 } });
  const page = await context.newPage();
  await unlock(page, origin);
  const dialogs = Object.entries(await dialogsOf(world));
  for (const [name, { path, by, typed }] of dialogs) {
    for (const width of widths) {
      const said = `the dialog "${name}" at ${width} px`;
      await page.setViewportSize({ width, height: 700 });
      await open(page, `${origin}/console${path}`);
      if (typeof by === "string") await page.locator(`main [data-operation=${by}]`).first().click();
      else await by(page);
      await settled(page);
      await readable(page, said);
      if (name === "copy menu") continue;
      const dialog = page.getByRole("dialog");
      assert.equal(await dialog.locator("button.main").count(), 1, `${said}: one button stands out`);
      await isAccessible(page, said);
      await snapshot(page, `dialog-${name.replaceAll(" ", "-")}-${width}`);
      if (typed) await triesIn(page, said, typed);
    }
  }
  await context.close();
  return dialogs.length;
}

async function readable(page: Page, said: string): Promise<void> {
  await fits(page, said);
  await cutsNothing(page, said);
  for (const button of await page.locator("dialog .buttons button").all()) await inSight(button, said);
}

/** Asks for the dry run, which is refused at first. */
async function triesIn(page: Page, said: string, typed: Readonly<Record<string, string>>): Promise<void> {
  const dialog = page.getByRole("dialog");
  for (const [label, text] of Object.entries(typed)) {
    await dialog.getByRole("textbox", { name: new RegExp(`^${label}`) }).fill(text);
  }
  const tried = /dry_run=true$/;
  const refusal = { code: "state_wrong", detail: "It is not in a state that allows this.", requestId: "request-1" };
  await page.route(tried, (route) => route.fulfill({ status: 409, json: refusal }));
  await dialog.getByRole("button", { name: "Show what happens" }).click();
  await inSight(dialog.locator(".notice.failed"), said);
  await readable(page, `${said}, refused`);
  await page.unroute(tried);
  await dialog.getByRole("button", { name: "Show what happens" }).click();
  await inSight(dialog.getByRole("heading", { name: "What happens" }), said);
  await dialog.getByText("The same as curl").click();
  await readable(page, `${said}, with what happens`);
}

/** Asserts that the middle of something can be seen: it is in the window, and nothing lies over it. */
async function inSight(one: ReturnType<Page["locator"]>, said: string): Promise<void> {
  await one.waitFor();
  const isSeen = await one.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const there = element.ownerDocument.elementFromPoint(left + width / 2, top + height / 2);
    return there !== null && (element.contains(there) || there.contains(element));
  });
  assert.ok(isSeen, `${said}: ${(await one.textContent())?.slice(0, 60)} is not in sight`);
}
