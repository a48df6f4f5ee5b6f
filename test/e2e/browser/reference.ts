import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";

/** Pages of the site, and what shows that each is drawn. */
const pages = [
  { path: "/guides/", drawn: "article h2" },
  { path: "/guides/first-steps", drawn: "pre.input" },
  { path: "/docs/", drawn: ".cards" },
  ...["offers", "payments", "transfers", "operator"].map((name) => ({ path: `/docs/${name}`, drawn: ".opblock" })),
];

const looks = (["light", "dark"] as const).flatMap((colorScheme) =>
  [320, 1280].map((width) => ({ colorScheme, width })),
);

/**
 * Opens every page, light and dark, narrow and wide: nothing is asked of another host, nothing is forbidden by the
 * policy, nothing scrolls sideways, and a screen reader finds no serious fault. Returns how many pages it opened.
 */
export async function looksRight(browser: Browser, origin: string, snapshot: Snapshot): Promise<number> {
  const problems: string[] = [];
  for (const { colorScheme, width } of looks) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(`${page.url()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => problems.push(`${page.url()}: ${error.message}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith("data:")) problems.push(request.url());
    });
    for (const { path, drawn } of pages) {
      await page.goto(origin + path);
      await page.locator(drawn).first().waitFor();
      const beyond = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      if (beyond !== 0) problems.push(`${path} is ${beyond} pixels wider than ${width}`);
      problems.push(...(await faults(page)).map((fault) => `${path}, ${colorScheme}, ${width}: ${fault}`));
      if (width === 1280 || path === "/docs/payments") {
        await snapshot(page, `${path.replaceAll("/", "-").replace(/^-|-$/g, "")}-${colorScheme}-${width}`);
      }
    }
    await context.close();
  }
  assert.deepEqual(problems, []);
  return looks.length * pages.length;
}

type Snapshot = (page: Page, name: string) => Promise<unknown>;

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Lists the serious faults that axe finds on a page, with the first place of each. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })',
  )) as { violations: { id: string; impact: string; nodes: { html: string }[] }[] };
  return found.violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => `${id} at ${nodes[0]?.html.slice(0, 160)} and ${nodes.length - 1} more places`);
}

/** Gets tokens of the sandbox by the page's button, and sends one request of each contract by "Try it out". */
export async function isTriedOut(page: Page, origin: string): Promise<void> {
  for (const [contract, operation] of [
    ["offers", "view-profile"],
    ["payments", "list-apps"],
    ["transfers", "view-application"],
    ["operator", "view-ledger"],
  ]) {
    await page.goto(`${origin}/docs/${contract}`);
    await page.getByRole("button", { name: "Get tokens of this sandbox" }).click();
    await page
      .getByRole("button", { name: /^Act as/ })
      .first()
      .waitFor();
    const block = page.locator(`.opblock[id$="-${operation}"]`);
    await block.locator(".opblock-summary-control").first().click();
    await block.getByRole("button", { name: "Try it out" }).click();
    await block.getByRole("button", { name: "Execute" }).click();
    await block.locator(".live-responses-table .response-col_status").first().waitFor();
    const status = await block.locator(".live-responses-table tbody .response-col_status").first().textContent();
    assert.match(status ?? "", /^200/, `${contract}: ${operation} answered ${status}`);
  }
}
