import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { open, settled } from "./browser.ts";
import type { Stuck } from "./stuck.ts";

const clicksMax = 4;

/**
 * An operator's drill. A customer writes that an order was charged and nothing came: goes by clicks from the order to
 * the cause and to the dialog of the action that mends it. Prints the clicks and the time of each.
 */
export async function drill(page: Page, origin: string, cases: readonly Stuck[]): Promise<void> {
  for (const { name, search, cause, operation } of cases) {
    await open(page, `${origin}/console`);
    const startedMs = Date.now();
    let clicks = 0;
    const click = async (what: Locator) => {
      await what.click();
      clicks += 1;
    };
    await click(page.getByRole("button", { name: /Find anything/ }));
    await page.getByRole("dialog").getByRole("textbox").fill(search);
    await click(page.getByRole("dialog").getByRole("button", { name: "Find" }));
    const hits = page.locator("dialog .hits a");
    await hits.first().or(page.locator("body:not(:has(dialog[open]))")).first().waitFor();
    if (await hits.count()) await click(hits.first());
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await settled(page);
    await page.locator("main").getByText(cause).first().waitFor();
    const action = page.locator(`main [data-operation="${operation}"]`).first();
    if ((await action.count()) === 0) await click(page.locator("main table tr:has(.state.bad) [data-entry]").first());
    await click(action);
    await page.getByRole("dialog").getByRole("button", { name: "Keep as it is" }).waitFor();
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
    console.log(`      ${name}: ${clicks} clicks to ${operation}, ${seconds} s`);
    assert.ok(clicks <= clicksMax, `${name}: ${clicks} clicks`);
    await page.getByRole("dialog").getByRole("button", { name: "Keep as it is" }).click();
  }
}

/** Unlocks changes for a page. */
export async function unlock(page: Page, origin: string, token = "admin_sandbox"): Promise<void> {
  await open(page, `${origin}/console`);
  if (await page.locator("header.unlocked").count()) return;
  await page.getByRole("button", { name: /unlock$/ }).click();
  await page.getByRole("dialog").locator("input[type=password]").fill(token);
  await page.getByRole("dialog").getByRole("button", { name: "Unlock" }).click();
  await page.locator("header.unlocked").waitFor();
}
