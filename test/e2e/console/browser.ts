import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

const root = join(import.meta.dirname, "../../..");
const screenshots = join(root, "test/e2e/screenshots");
const axe = readFileSync(join(root, "node_modules/axe-core/axe.min.js"), "utf8");

/** Starts Chromium: CHROMIUM, or /usr/bin/chromium. */
export function startBrowser(): Promise<Browser> {
  mkdirSync(screenshots, { recursive: true });
  const quiet = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet], // root cannot use Chromium's sandbox
  });
}

/** What a person would see as a broken page, and what must not happen on any. */
export interface Watch {
  problems: string[];
  /** Texts of problems that a step causes by itself. */
  expected: RegExp[];
}

/** Watches all pages of a context: errors, refusals of the policy, requests that leave the origin. */
export function watch(context: BrowserContext, origin: string): Watch {
  const seen: Watch = { problems: [], expected: [/status of 404/] };
  const add = (page: Page | null, text: string) => {
    if (!seen.expected.some((one) => one.test(text))) seen.problems.push(`${page?.url()}: ${text}`);
  };
  context.on("weberror", (error) => add(error.page(), error.error().message));
  context.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy/.test(message.text()))
      add(message.page(), message.text());
  });
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== "data:") add(null, `a request leaves for ${url.origin}`);
  });
  return seen;
}

/** Opens an address of the console, and waits until what it reads is there. */
export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await settled(page);
}

/** Waits until nothing is being read. */
export async function settled(page: Page): Promise<void> {
  await page.locator("main h1").waitFor();
  while ((await page.locator(".loading").count()) > 0) {
    await page.locator(".loading").first().waitFor({ state: "detached", timeout: 20_000 });
  }
}

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Asserts that axe finds no violation of WCAG 2.2, level AA. */
export async function isAccessible(page: Page, name: string): Promise<void> {
  await page.evaluate(axe);
  const tags = '["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]';
  const { violations } = (await page.evaluate(`axe.run(document, { runOnly: ${tags} })`)) as {
    violations: Violation[];
  };
  const said = violations.map(
    ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.failureSummary}, ${nodes.length} times`,
  );
  assert.deepEqual(said, [], `${name}: axe`);
}

/** Asserts that the page itself does not scroll sideways. */
export async function fits(page: Page, name: string): Promise<void> {
  const beyond = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
  assert.equal(beyond, 0, `${name} is ${beyond} px wider than the window`);
}

export async function snapshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(screenshots, `console-${name}.png`), fullPage: true });
}

/** Runs a step, and prints how long it took. */
export async function step(name: string, work: () => Promise<unknown>): Promise<void> {
  const startedMs = Date.now();
  await work();
  console.log(`ok    ${name} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
}
