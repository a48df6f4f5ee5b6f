/**
 * `npm run screenshots`: makes the screenshots of the README and of the console's guide, in src/docs/images, of a
 * fresh sandbox in which the three journeys are told. Needs Chromium: CHROMIUM, or /usr/bin/chromium.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { Journey } from "../journey.ts";
import { open, startBrowser } from "./console/browser.ts";
import { startServer } from "./server.ts";

const folder = resolve(import.meta.dirname, "../../src/docs/images");
const largestBytes = 60_000;
/** The step of the first journey that is shown: the expert is paid. */
const lastShown = 13;

mkdirSync(folder, { recursive: true });
const server = await startServer();
const browser = await startBrowser();
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 960 } });
  page.setDefaultTimeout(60_000);
  const journey = new Journey((request) => fetch(request), server.url);
  const accepted = await journey.paidOffer();
  await journey.accept(accepted);
  await journey.accept(await journey.paidOffer({ onboarded: false }));
  await journey.advance(25 * 3_600); // a payout has waited so long that a person must look

  await page.goto(server.url);
  await page.getByRole("button", { name: "Take the first step" }).click();
  for (let at = 0; at < lastShown; at += 1) {
    await page.locator(`.stage[data-step='${at}'][data-state=done]`).waitFor();
    await page.getByRole("button", { name: "Next step" }).click();
  }
  await page.locator(`.stage[data-step='${lastShown}'][data-state=done]`).waitFor();
  await page.locator(".story-timeline [data-entry]", { hasText: "payout.paid" }).first().waitFor();
  await page.evaluate("scrollTo(0, 0)");
  await keep(page, "welcome");
  await page.getByRole("button", { name: "Tell all three" }).click();
  await page.getByText("Told to its end. So are the others.").waitFor();

  await page.setViewportSize({ width: 1200, height: 720 });
  await open(page, `${server.url}/console/objects/${accepted.testimonyId}`);
  await page.evaluate("document.querySelector('#timeline').scrollIntoView()");
  await page.evaluate("document.querySelector('.diagram').scrollLeft = 2 * 132");
  await keep(page, "timeline");

  await open(page, `${server.url}/console`);
  await page.getByText(/\d+ of \d+ hold/).waitFor();
  await page.getByText("Nothing unexplained").waitFor();
  await keep(page, "overview");
} finally {
  await browser.close();
  await server.remove();
}

/** Takes a screenshot of what is in the window, as WebP in the best quality that is small enough. */
async function keep(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0);
  const devtools = await page.context().newCDPSession(page);
  for (const quality of [80, 70, 60, 50, 40, 30]) {
    const { data } = await devtools.send("Page.captureScreenshot", { format: "webp", quality });
    const bytes = Buffer.from(data, "base64");
    if (bytes.length > largestBytes) continue;
    writeFileSync(join(folder, `${name}.webp`), bytes);
    console.log(`${name}.webp ${(bytes.length / 1000).toFixed(1)} KB`);
    return devtools.detach();
  }
  throw new Error(`${name} is not small enough in any quality`);
}
