import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { open } from "./browser.ts";

const minuteMs = 60_000;

/**
 * Shows when the console asks by itself, on a clock that the test moves: not while the page is hidden, less often after
 * a refusal, and that it says when another release is served.
 */
export async function asksInMeasure(browser: Browser, origin: string): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.clock.install();
  await open(page, `${origin}/console/attention`);
  let asked = 0;
  page.on("request", (request) => {
    if (/\/api\/v1\/admin\/(pulse|attention)/.test(request.url())) asked += 1;
  });
  const during = async (ms: number) => {
    asked = 0;
    // In steps, because each answer plans the next question.
    for (let passedMs = 0; passedMs < ms; passedMs += 2_000) {
      await page.clock.runFor(2_000);
      await page.evaluate("new Promise((done) => fetch('/api/v1/status').then(done))");
    }
    return asked;
  };
  const shown = await during(minuteMs / 2);
  assert.ok(shown >= 5, `asks while it is shown: ${shown}`);

  const hide = (
    hidden: boolean,
  ) => `Object.defineProperty(document, "hidden", { value: ${hidden}, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"))`;
  await page.evaluate(hide(true));
  assert.equal(await during(minuteMs), 0, "asks nothing while it is hidden");
  await page.evaluate(hide(false));
  assert.ok((await during(minuteMs / 2)) >= 5, "asks again");

  await page.route(/\/api\/v1\/admin\/(pulse|attention)/, (route) =>
    route.fulfill({
      status: 429,
      contentType: "application/problem+json",
      headers: { "Retry-After": "60" },
      body: '{"code":"rate_limited"}',
    }),
  );
  await during(4_000);
  const refused = await during(minuteMs);
  assert.ok(refused <= 4, `asks less often when refused: ${refused}`);
  await page.unroute(/\/api\/v1\/admin\/(pulse|attention)/);
  await during(2 * minuteMs);

  const pulse = /\/api\/v1\/admin\/pulse/;
  const [answer] = await Promise.all([page.waitForResponse(pulse), during(minuteMs / 6)]);
  const { data } = (await answer.json()) as { data: object };
  await page.route(pulse, (route) => route.fulfill({ json: { data: { ...data, release: "another" } } }));
  await during(minuteMs / 6);
  await page.getByRole("button", { name: "Reload" }).waitFor();
  await context.close();
}
