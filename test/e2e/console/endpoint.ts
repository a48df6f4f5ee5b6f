import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../narrate.ts";
import { open, settled } from "./browser.ts";
import { unlock } from "./drill.ts";
import type { World } from "./world.ts";

/**
 * An endpoint that has failed and works again: its failed deliveries are seen, one is sent again, and the rest by a
 * filter, as many as the dry run said. Each attempt by hand stands in the log. Returns how many the dry run counted.
 */
export async function recoversAnEndpoint(page: Page, origin: string, { journey }: World): Promise<number> {
  await journey.control("POST", "inbox", { box: "console", mode: "ok" });
  const failed = async () => (await journey.operator("GET", "/webhook-deliveries?state=failed")).body.data;
  const [one, ...rest] = await failed();
  await unlock(page, origin);
  await open(page, `${origin}/console/webhooks?deliveries.state=failed`);
  await page.locator("main [data-operation=resend-delivery-of-any]").first().click();
  await confirm(page, "Resend delivery", { note: "The endpoint works again." });
  await until("another attempt", async () => {
    const { delivery } = (await journey.operator("GET", `/webhook-deliveries/${one.id}`)).body.data;
    return delivery.attempts > one.attempts || undefined;
  });

  await open(page, `${origin}/console/webhooks`);
  await page.locator(`main tr:has-text("inbox/console") [data-operation=recover-deliveries-of-any]`).click();
  const dialog = page.getByRole("dialog", { name: "Recover deliveries?" });
  await dialog.getByRole("textbox", { name: /^Since/ }).fill("2026-01-01 00:00");
  await dialog.getByRole("textbox", { name: /^Note/ }).fill("All of them.");
  await dialog.getByRole("button", { name: "Show what happens" }).click();
  const said = Number(/^\d+/.exec((await dialog.locator(".foretold strong").textContent()) ?? "")?.[0]);
  await dialog.getByRole("button", { name: "Recover deliveries" }).click();
  await page.getByText("It is done, and stands in the timeline").waitFor();
  const answer = String(await page.getByRole("dialog").locator(".json").textContent());
  assert.equal(JSON.parse(answer).data.recovered, said, "as many as the dry run said");
  assert.equal(said, rest.length + (await failed()).filter(({ id }: { id: string }) => id === one.id).length);
  await page.getByRole("button", { name: "Close" }).click();
  await settled(page);
  return said;
}

async function confirm(page: Page, verb: string, texts: Record<string, string>): Promise<void> {
  const dialog = page.getByRole("dialog", { name: `${verb}?` });
  for (const [name, text] of Object.entries(texts)) await dialog.locator(`#field-${name}`).fill(text);
  await dialog.getByRole("button", { name: verb }).click();
  await page.getByText("It is done, and stands in the timeline").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
}
