import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { PaidSession } from "../../journey.ts";

/** Types a card as a person would, key by key. */
export async function payWith(page: Page, card: string): Promise<void> {
  await page.getByLabel("Card number").fill("");
  await page.getByLabel("Card number").pressSequentially(card);
  await page.getByLabel("Expiry date").fill("");
  await page.getByLabel("Expiry date").pressSequentially("1234");
  await page.getByLabel("Security code").fill("123");
  await page.getByLabel("Name on card").fill("Jana Vzorová");
  await page.getByRole("button", { name: /^Pay / }).click();
}

/** Expects 149.50 and its commission of 21 %, to the cent, on the page and on the button. */
export async function showsWhatIsPaid(page: Page): Promise<void> {
  const text = (await page.locator("main").textContent()) ?? "";
  for (const amount of ["149.50", "31.40", "180.90"]) assert.ok(text.includes(amount), `${amount} is not in\n${text}`);
  await page.getByRole("button", { name: /^Pay .*180\.90/ }).waitFor();
}

export async function isDeclined(page: Page, words: RegExp): Promise<void> {
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match((await alert.textContent()) ?? "", words);
  assert.match(await page.title(), /^Not paid/);
}

export async function isBackAfterPaying(page: Page, session: PaidSession): Promise<void> {
  await page.waitForURL(`**/payment/success?sessionId=${session.sessionId}`);
  await page.getByRole("heading", { name: "Payment received" }).waitFor();
}
