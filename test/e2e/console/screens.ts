import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { fits, isAccessible, open, settled, snapshot, watch } from "./browser.ts";
import { cutsNothing } from "./cut.ts";
import type { World } from "./world.ts";

/** The screens, each with an address that shows much. */
export function screensOf(world: World): Record<string, string> {
  const { accepted, waiting, payment, transfer, limited, day, senderId, developerId } = world;
  return {
    overview: "",
    attention: "/attention",
    testimony: `/objects/${accepted.testimonyId}`,
    "testimony-entry": `/objects/${accepted.testimonyId}?entry=7`,
    waiting: `/objects/${waiting.testimonyId}`,
    payment: `/objects/${payment.transactionId}`,
    "payment-failed": `/objects/${payment.transactionId}?only=failed`,
    transfer: `/objects/${transfer.reference}`,
    limited: `/objects/${limited}`,
    application: `/objects/${senderId}`,
    testimonies: "/testimonies",
    payments: "/payments",
    transfers: "/transfers",
    ledger: "/ledger",
    "ledger-account": "/ledger?account=stripe_balance&currency=eur&days=7",
    settlement: "/settlement",
    day: `/settlement/${day}`,
    webhooks: "/webhooks",
    stripe: "/stripe",
    users: "/users",
    developers: "/developers",
    developer: `/developers/${developerId}`,
    applications: "/applications",
    search: "/search",
    missing: "/objects/nothing",
  };
}

interface Look {
  colorScheme: "light" | "dark";
  widths: readonly number[];
}

/**
 * Opens each screen light and dark, from 320 to 2560 px and with text twice as large: nothing leaves the origin, nothing
 * is refused by the policy, axe finds nothing, the page does not scroll sideways and no text is cut. Returns how many were looked at.
 */
export async function looksRight(
  browser: Browser,
  origin: string,
  screens: Record<string, string>,
  name = "",
): Promise<number> {
  const looks: Look[] = [
    { colorScheme: "light", widths: [1280, 320, 768, 2560] },
    { colorScheme: "dark", widths: [1280, 320] },
  ];
  let count = 0;
  for (const { colorScheme, widths } of looks) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme });
    const seen = watch(context, origin);
    const page = await context.newPage();
    for (const [screen, path] of Object.entries(screens)) {
      for (const width of widths) {
        const said = `${name}${screen}, ${colorScheme}, ${width}`;
        await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
        await open(page, `${origin}/console${path}`);
        await fits(page, said);
        await cutsNothing(page, said);
        if (width === 1280 || width === 320) {
          await isAccessible(page, said);
          await snapshot(page, `${name}${screen}-${colorScheme}-${width}`);
        }
        count += 1;
      }
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.evaluate("document.documentElement.style.fontSize = '200%'");
      await fits(page, `${name}${screen}, ${colorScheme}, text twice as large`);
      await cutsNothing(page, `${name}${screen}, ${colorScheme}, text twice as large`);
    }
    await context.close();
    assert.deepEqual(seen.problems, []);
  }
  return count;
}

/** Compares the diagram, the table and the API's timeline: the same entries in the same order. */
export async function tellsTheSame(
  page: Page,
  origin: string,
  id: string,
  entries: readonly { kind: string }[],
): Promise<number> {
  await open(page, `${origin}/console/objects/${id}`);
  const indices = (selector: string) =>
    page.locator(selector).evaluateAll((all) => all.map((one) => Number(one.dataset.entry)));
  const [inDiagram, inTable] = [await indices(".diagram [data-entry]"), await indices("table [data-entry]")];
  const expected = entries.map((_, at) => at);
  assert.deepEqual(inDiagram, expected);
  assert.deepEqual(inTable, expected);
  await page.locator("[data-lane=ledger]").click();
  const rest = entries.flatMap(({ kind }, at) => (kind === "posting" ? [] : at));
  await page.locator(".diagram [data-entry]").nth(rest.length).waitFor({ state: "detached" });
  assert.deepEqual(await indices(".diagram [data-entry]"), rest);
  assert.match(page.url(), /lanes=we%2Cout%2Cin%2Ctold/);
  await settled(page);
  return entries.length;
}
