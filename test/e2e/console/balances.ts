import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { open } from "./browser.ts";
import type { World } from "./world.ts";

interface Balance {
  account: string;
  currency: string;
  amountMinor: number;
}

const account = "stripe_balance";

/**
 * Compares what the console shows of an account with the ledger: its last point is the balance now, the opening one and
 * the lines make the closing one, and two moments before and after a change differ by its lines.
 */
export async function agreesWithTheLedger(page: Page, origin: string, { journey, accepted }: World): Promise<void> {
  const balanceAt = async (asOf = "") => {
    const { body } = await journey.operator("GET", `/ledger${asOf && `?as_of=${asOf}`}`);
    const found = (body.data as Balance[]).find((one) => one.account === account && one.currency === "eur");
    return found?.amountMinor ?? 0;
  };
  await open(page, `${origin}/console/ledger?account=${account}&currency=eur&days=7`);
  await page.locator(".step-plot").waitFor();
  await page.locator(".same summary").click();
  const cells = await page
    .locator(".same tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.querySelectorAll("td")].map((cell) => String(cell.textContent))));
  const minor = (text = "") => Number(text.replaceAll(/[,.]/g, "").replace("−", "-") || 0);
  const now = await balanceAt();
  assert.equal(minor(cells[0]?.[3]), now, "the last point is the balance now");
  const opening = minor(/Opening (\S+),/.exec(String(await page.locator("main").textContent()))?.[1]);
  const moved = cells.reduce((sum, [, debits, credits]) => sum + minor(debits) - minor(credits), 0);
  assert.equal(opening + moved, now, "the opening balance and the lines make the closing one");

  const { body } = await journey.operator("GET", `/testimonies/${accepted.testimonyId}/timeline`);
  const lines = body.data.entries.filter((one: { kind: string }) => one.kind === "posting");
  const at = Date.parse(lines[0].at);
  const ownLines = lines.filter(
    (one: { account: string; at: string }) => one.account === account && Date.parse(one.at) === at,
  );
  const own = ownLines.reduce((sum: number, one: { amountMinor: number }) => sum + one.amountMinor, 0);
  const [before, after] = [new Date(at - 1).toISOString(), new Date(at).toISOString()];
  assert.equal((await balanceAt(after)) - (await balanceAt(before)), own, "a change moves the balance by its lines");
  await open(page, `${origin}/console/ledger?as_of=${before}`);
  assert.equal(await page.locator("#as-of").inputValue(), before.replace("T", " ").replace("Z", ""));
}
