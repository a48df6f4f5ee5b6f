import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { cards } from "../../journey.ts";
import { until } from "../narrate.ts";
import { open } from "./browser.ts";
import type { World } from "./world.ts";

/** Settles the day whose batch has failed, and sees that it is. */
export async function settlesTheDay(page: Page, origin: string, { day }: World): Promise<void> {
  await open(page, `${origin}/console/settlement/${day}`);
  await page.locator("main [data-operation=settle-day-of-all]").click();
  const dialog = page.getByRole("dialog", { name: "Settle day?" });
  await dialog.locator("#field-note").fill("The lost row is back.");
  await dialog.getByRole("button", { name: "Settle day" }).click();
  await page.getByText("It is done, and stands in the timeline").waitFor();
  await page.getByRole("button", { name: "Close" }).click();
  await page.locator("main .state.good").first().waitFor();
  assert.equal(await page.locator("main [data-operation=settle-day-of-all]").count(), 0, "there is nothing left to do");
}

/**
 * Stripe makes a payout and its answer is lost, its events are lost, too, and a day passes: there is one payout and one
 * refund, and the console shows books that hold.
 */
export async function endsWell(page: Page, origin: string, { journey }: World): Promise<void> {
  const session = await journey.paidOffer({ card: cards.good });
  await journey.fault("POST /v1/transfers", "timeout_after");
  await journey.events("drop");
  await journey.accept(session);
  // The clock must not jump while a call is on its way: Stripe forgets keys after a day.
  await until("the payout is made", async () => {
    const { body } = await journey.operator("GET", `/testimonies/${session.testimonyId}/timeline`);
    return (
      body.data.entries.some(
        (one: { call?: string; state?: string }) => one.call === "create-transfer" && one.state === "done",
      ) || undefined
    );
  });
  await journey.advance(24 * 3_600);
  await journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, { reason: "The work was not done." });
  await journey.advance(3_600);
  await journey.events("deliver");
  await open(page, `${origin}/console/objects/${session.testimonyId}`);
  const what = await page.locator("table [data-entry]").allTextContents();
  for (const call of ["create-transfer", "create-refund"]) {
    assert.equal(what.filter((one) => one === call).length, 1, `${call} is made once: ${what.join(" ")}`);
  }
  await open(page, `${origin}/console`);
  await page.locator(".tile", { hasText: "Stripe" }).getByText("Nothing unexplained").waitFor();
  const books = page.locator(".tile", { hasText: "Books" });
  await books.getByText(/^✓ (\d+) of \1 hold$/).waitFor();
}
