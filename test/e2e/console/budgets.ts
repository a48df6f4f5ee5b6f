import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { open, settled } from "./browser.ts";

/** The budgets that are numbers of things. Times are printed, because a busy machine is no fault of the console's. */
const requestsMax = 4;
const callsMax = 3;
const nodesMax = 3_000;
const slowedBy = 4;

/** What the page around a screen asks by itself. */
const ofFrame = /\/admin\/(session|system|pulse|attention)$/;

interface Figures {
  firstPaint: number;
  largestPaint: number;
  shift: number;
  blocked: number;
}

const observe = `
  globalThis.seen = { firstPaint: 0, largestPaint: 0, shift: 0, blocked: 0 };
  const observe = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  observe("paint", ({ name, startTime }) => { if (name === "first-contentful-paint") seen.firstPaint = startTime; });
  observe("largest-contentful-paint", ({ startTime }) => { seen.largestPaint = startTime; });
  observe("layout-shift", ({ value, hadRecentInput, sources }) => {
    if (hadRecentInput) return;
    seen.shift += value;
    seen.moved = sources.map(({ node }) => node?.outerHTML?.slice(0, 100) ?? node?.textContent);
  });
  observe("longtask", ({ duration }) => { seen.blocked += duration - 50; });
`;

/** Prints what each screen costs a browser that is four times slower than this one. */
export async function costsLittle(browser: Browser, origin: string, screens: Record<string, string>): Promise<void> {
  console.log("      screen            paint  largest   shift  blocked  requests  calls  nodes");
  for (const [name, path] of Object.entries(screens)) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(observe);
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowedBy });
    const calls = callsOf(page);
    await open(page, `${origin}/console${path}`);
    await page.waitForLoadState("networkidle");
    const { firstPaint, largestPaint, shift, blocked } = (await page.evaluate("seen")) as Figures;
    const requests = Number(
      await page.evaluate(
        "1 + performance.getEntriesByType('resource').filter(({ initiatorType }) => initiatorType !== 'fetch').length",
      ),
    );
    const nodes = Number(await page.evaluate("document.querySelectorAll('*').length"));
    const own = new Set(calls.filter((one) => !ofFrame.test(one.split("?")[0] ?? "")));
    const ms = (value: number) => `${Math.round(value)} ms`.padStart(8);
    console.log(
      `      ${name.padEnd(16)}${ms(firstPaint)} ${ms(largestPaint)}  ${shift.toFixed(3)} ${ms(blocked)} ${String(requests).padStart(9)} ${String(own.size).padStart(6)} ${String(nodes).padStart(6)}`,
    );
    assert.ok(requests <= requestsMax, `${name}: ${requests} requests before the first content`);
    assert.ok(own.size <= callsMax, `${name}: ${[...own].join(", ")}`);
    assert.ok(nodes <= nodesMax, `${name}: ${nodes} nodes`);
    if (shift > 0.02) console.log(JSON.stringify(await page.evaluate("seen.moved")));
    await context.close();
  }
}

/** Collects the calls of a page. */
function callsOf(page: Page): string[] {
  const calls: string[] = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname.startsWith("/api/")) calls.push(pathname + search);
  });
  return calls;
}

/** Asserts that a page which stays open asks one thing while nothing changes, and that nothing in it moves. */
export async function staysStill(page: Page, origin: string): Promise<void> {
  await page.addInitScript(observe);
  await open(page, `${origin}/console/payments`);
  await page.waitForLoadState("networkidle");
  await settled(page);
  const calls = callsOf(page);
  await page.evaluate("seen.shift = 0");
  await page.waitForTimeout(5_000);
  assert.equal(await page.evaluate("seen.shift"), 0, "nothing moves");
  assert.deepEqual([...new Set(calls)], ["/api/v1/admin/pulse"], "one thing is asked");
}
