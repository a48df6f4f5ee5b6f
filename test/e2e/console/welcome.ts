import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { cards, Journey } from "../../journey.ts";
import { fits, isAccessible, open, snapshot } from "./browser.ts";
import { cutsNothing } from "./cut.ts";
import { hostile } from "./hostile.ts";

const journeyOf = (origin: string) => new Journey((request) => fetch(request), origin);

/**
 * Does what a newcomer does who reads nothing: opens the root, breaks Stripe, tells all three journeys with one click,
 * and moves the clock by a day. Each step is done and the books hold after it. Returns how many steps were taken.
 */
export async function tellsAllJourneys(page: Page, origin: string): Promise<number> {
  const answer = await page.goto(origin);
  assert.equal(page.url(), `${origin}/console/welcome`);
  assert.doesNotMatch(answer?.headers()["content-security-policy"] ?? "unsafe", /unsafe|\*/);
  await page.getByRole("heading", { name: "Welcome to Accord" }).waitFor();
  await page.getByRole("button", { name: "Break it once" }).click();
  await page.locator("[data-faults='1']").waitFor();
  await page.getByLabel("From now on they").selectOption("shuffle");
  await page.locator("[data-mode=shuffle]").waitFor();

  // The first step by its own button, the others with one click.
  await page.getByRole("button", { name: "Take the first step" }).click();
  await page.locator(".stage[data-step='0'][data-state=done]").waitFor();
  await page.getByText(/^Next: 2 of/).waitFor();
  await page.getByRole("button", { name: "Tell all three" }).click();
  await page.getByText("Told to its end. So are the others.").waitFor({ timeout: 120_000 });

  let count = 0;
  for (const title of ["Offers", "Payments", "Transfers"]) {
    await page.getByRole("radio", { name: title }).check();
    const steps = page.locator(".steps-of-story .step");
    const all = await steps.count();
    assert.equal(await page.locator(".steps-of-story .step.done").count(), all, `${title}: each step is done`);
    for (const at of [all - 1, 2]) {
      await steps.nth(at).click();
      await page.locator(`.stage[data-step='${at}'] .books-after`, { hasText: /\d+ of \d+ hold$/ }).waitFor();
      await page.locator(".stage .exchanges summary").waitFor();
    }
    await page.locator(".story-timeline .diagram [data-entry]").nth(2).waitFor();
    count += all;
  }
  await page.getByText("Has failed as planned: 1.").waitFor();
  await page.locator(".arrivals li", { hasText: "signature verified" }).first().waitFor();

  const clock = page.locator("[data-offset]");
  const before = Number(await clock.getAttribute("data-offset"));
  await page.getByRole("button", { name: "+1 day" }).click();
  await page.locator(`[data-offset='${before + 86_400}']`, { hasText: /^\d+ d .*ahead/ }).waitFor();
  await page.locator("header .badge", { hasText: /clock \+\d+ d/ }).waitFor();
  await page.locator("[data-books=hold]").waitFor();
  const { ok } = await journeyOf(origin).ledgerCheck();
  assert.equal(ok, true, "the books hold");
  return count;
}

/** Looks at the Welcome wide and narrow, with hostile messages in its inbox. */
export async function looksRightToNewcomers(page: Page, origin: string): Promise<void> {
  for (const type of Object.values(hostile)) {
    await fetch(`${origin}/sandbox/inbox/welcome`, { method: "POST", body: JSON.stringify({ type }) });
  }
  await page.locator(".arrivals bdi", { hasText: hostile.markup }).first().waitFor();
  await isAccessible(page, "welcome");
  await fits(page, "welcome");
  await cutsNothing(page, "welcome");
  await snapshot(page, "welcome");
  await page.setViewportSize({ width: 320, height: 800 });
  await page.locator(".story-timeline .lane-list").waitFor();
  await fits(page, "welcome at 320 px");
  await cutsNothing(page, "welcome at 320 px");
  await isAccessible(page, "welcome at 320 px");
  await snapshot(page, "welcome-320");
  await page.setViewportSize({ width: 1280, height: 900 });
  assert.equal(await page.title(), "Welcome to Accord · Accord");
  assert.equal(await page.locator("main img, main script, main iframe").count(), 0);
}

/** Goes through Stripe's pages as somebody who pays, declined and asked by the bank on the way, with hostile texts. */
export async function looksRightToPayers(page: Page, origin: string): Promise<void> {
  const journey = journeyOf(origin);
  const { url } = await journey.checkout(await journey.offerOnTable());
  const tab = await page.context().newPage();
  await tab.emulateMedia({ colorScheme: await schemeOf(page) });
  const looks = async (name: string) => {
    for (const width of [1280, 320]) {
      await tab.setViewportSize({ width, height: 900 });
      await fits(tab, `${name} at ${width} px`);
      await cutsNothing(tab, `${name} at ${width} px`);
    }
    await isAccessible(tab, name);
    await snapshot(tab, `pay-${name}`);
    assert.doesNotMatch(await tab.title(), /broken in/);
    assert.equal(await tab.locator("img").count(), 0);
  };
  const answer = await tab.goto(url);
  assert.doesNotMatch(answer?.headers()["content-security-policy"] ?? "unsafe", /unsafe|\*/);
  await tab.getByRole("radio", { name: /SEPA/ }).check();
  await tab.getByLabel("IBAN").waitFor();
  await tab.getByRole("radio", { name: /^Card/ }).check();
  await tab.getByLabel("Name on").fill(hostile.markup);
  await tab.getByLabel("Card number").fill(cards.declined);
  await tab.getByRole("button", { name: /^Pay / }).click();
  await tab.getByRole("alert").waitFor();
  assert.equal(await tab.getByLabel("Name on").inputValue(), hostile.markup, "a decline keeps what was typed");
  assert.equal((await tab.getByLabel("Card number").inputValue()).replaceAll(" ", ""), cards.declined);
  await looks("declined");

  await tab.getByLabel("Card number").fill("4000002500003155");
  await tab.getByRole("button", { name: /^Pay / }).click();
  await tab.getByRole("heading", { name: "Is this you?" }).waitFor();
  await looks("authentication");
  await tab.getByRole("link", { name: /^Cancel/ }).click();
  await tab.getByText("What you left").waitFor();
  await looks("cancelled");
  await tab.getByRole("link", { name: "Return to checkout" }).click();
  await tab.getByLabel("Card number").fill(cards.good);
  await tab.getByRole("button", { name: /^Pay / }).click();
  await tab.getByRole("heading", { name: "What you bought" }).waitFor();
  await looks("paid");
  await tab.getByRole("link", { name: "See what happened" }).click();
  await tab.locator("main [data-entry]").first().waitFor();
  await tab.close();
}

async function schemeOf(page: Page): Promise<"light" | "dark"> {
  return (await page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")) ? "dark" : "light";
}

/** Empties the sandbox by its button: the faults, the clock, the journeys and what arrived. */
export async function startsAfresh(page: Page, origin: string): Promise<void> {
  await open(page, `${origin}/console/welcome`);
  await page.getByRole("button", { name: /^Start afresh/ }).click();
  const dialog = page.getByRole("dialog", { name: "Start afresh?" });
  await isAccessible(page, "the question before everything is deleted");
  await cutsNothing(page, "the question before everything is deleted");
  await dialog.getByRole("button", { name: "Delete everything" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText("Nothing has arrived yet").waitFor();
  await page.locator("[data-offset='0']").waitFor();
  await page.locator("[data-mode=deliver]").waitFor();
  await page.getByRole("button", { name: "Take the first step" }).waitFor();
}
