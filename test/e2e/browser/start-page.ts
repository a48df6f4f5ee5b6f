import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { paste } from "./shell.ts";

/**
 * Follows every link of the page. Those to Stripe's lists ask for a key, as the page says, and the page of an expired
 * session says that it is gone.
 */
export async function followEveryLink(page: Page): Promise<number> {
  const links = await page.locator("a[href]").evaluateAll(hrefs);
  const urls = links.map((link) => new URL(link, page.url()));
  const own = [...new Set(urls.filter(({ origin }) => origin === new URL(page.url()).origin).map(({ href }) => href))];
  const expired = await page.locator("tr", { hasText: "expired" }).getByRole("link").evaluateAll(hrefs);
  assert.ok(own.length > 8, `only ${own.length} links`);
  for (const url of own) {
    const { pathname } = new URL(url);
    const plain = await fetch(url);
    const isKeyed = pathname.startsWith("/sandbox/stripe/");
    const right = isKeyed ? plain.status === 401 : plain.status === (expired.includes(url) ? 410 : 200);
    assert.ok(right, `${pathname}: ${plain.status}`);
    if (!isKeyed) continue;
    const keyed = await fetch(url, { headers: { Authorization: "Bearer sk_test_sandbox" } });
    assert.equal(keyed.status, 200, `${pathname} with the key`);
  }
  return own.length;
}

/** Runs inside the page. */
function hrefs(links: readonly { getAttribute(name: string): string | null }[]): string[] {
  return links.map((link) => link.getAttribute("href") ?? "");
}

/** Pastes the steps of the page into one shell, one after the other. */
export async function walkThrough(page: Page): Promise<void> {
  const blocks = await commandsUnder(page, "One offer, step by step");
  const printed = paste(blocks.join("\n"));
  const [client, testimony, expert, offer, url, paid] = printed.split("\n");
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  assert.ok(client && expert && client !== expert, `tokens\n${printed}`);
  assert.match(testimony ?? "", uuid, `testimony\n${printed}`);
  assert.match(offer ?? "", uuid, `offer\n${printed}`);
  assert.match(url ?? "", /\/sandbox\/checkout\/cs_test_/, `checkout\n${printed}`);
  assert.match(paid ?? "", /^303 http.*\/payment\/success\?sessionId=cs_test_/, `payment\n${printed}`);
  assert.match(printed, /HTTP\/1.1 204/, `acceptance\n${printed}`);
  assert.match(printed, /"state":"accepted"/, `state\n${printed}`);
  assert.match(printed, /"object": ?"transfer",\s*"amount": ?14950,/, `transfer\n${printed}`);
}

/** Pastes everything else that the page suggests, each by itself: JSON is returned, and never a server error. */
export async function tryTheRest(page: Page): Promise<void> {
  const blocks = [
    ...(await commandsUnder(page, "The operator")),
    ...(await commandsUnder(page, "What Stripe saw")),
    ...(await commandsUnder(page, "Make it harder")),
  ];
  assert.ok(blocks.length >= 7, `only ${blocks.length} blocks`);
  for (const command of blocks.flatMap((block) => block.split(/\n(?=curl )/))) {
    const printed = paste(command);
    assert.doesNotThrow(() => JSON.parse(printed), `${command}\n${printed}`);
    const isPlaceholder = /"[a-z]{2}_\.\.\."/.test(command);
    assert.equal("error" in JSON.parse(printed), isPlaceholder, `${command}\n${printed}`);
  }
}

/** Returns the code blocks between one heading of the second level and the next. */
async function commandsUnder(page: Page, heading: string): Promise<string[]> {
  const blocks = await page
    .locator("h2, pre > code")
    .evaluateAll((elements) =>
      elements.map((element) => ({ isHeading: element.tagName === "H2", text: element.textContent ?? "" })),
    );
  const from = blocks.findIndex(({ isHeading, text }) => isHeading && text === heading);
  assert.notEqual(from, -1, `no heading "${heading}"`);
  const rest = blocks.slice(from + 1);
  const end = rest.findIndex(({ isHeading }) => isHeading);
  return rest.slice(0, end === -1 ? undefined : end).map(({ text }) => text);
}
