import assert from "node:assert/strict";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { open, settled } from "./browser.ts";
import type { World } from "./world.ts";

const token = "admin_sandbox";

/** Finds whatever each id names, and opens its page. Returns how many ids were tried. */
export async function findsEach(page: Page, origin: string, ids: Record<string, string>): Promise<number> {
  await open(page, `${origin}/console`);
  for (const [kind, id] of Object.entries(ids)) {
    await page.keyboard.press("/");
    await page.getByRole("dialog").getByRole("textbox").fill(id);
    await page.keyboard.press("Enter");
    const several = page.locator("dialog .hits, dialog [data-none]");
    await several.or(page.locator("body:not(:has(dialog[open]))")).first().waitFor();
    if (await several.count()) await page.keyboard.press("Enter");
    await page
      .getByRole("dialog")
      .waitFor({ state: "detached" })
      .catch(() => assert.fail(`${kind} ${id} is not found`));
    await settled(page);
    assert.equal(await page.locator(".notice.failed").count(), 0, `${kind} ${id} does not open`);
    assert.ok(!page.url().includes("@example.com"), "no address of a person in the page's address");
  }
  return Object.keys(ids).length;
}

/** Does everything by the keyboard alone: signs in, finds, opens, unlocks, gives back, signs out. The focus is always seen. */
export async function worksByKeyboard(page: Page, origin: string, { waiting, payment }: World): Promise<void> {
  await open(page, `${origin}/console`);
  await tabTo(page, page.getByRole("button", { name: "Sign out" }));
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await type(page, token);
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await page.keyboard.press("g");
  await page.keyboard.press("a");
  await page.getByRole("heading", { name: "Attention", level: 1 }).waitFor();
  await isFocusSeen(page, { heading: true });
  await page.keyboard.press("j");
  await isFocusSeen(page);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: waiting.testimonyId }).waitFor();

  const refund = page.locator("main [data-operation=refund-testimony]").first();
  await tabTo(page, refund);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Unlock changes" }).waitFor();
  await type(page, token);
  const dialog = page.getByRole("dialog", { name: "Refund testimony?" });
  await dialog.waitFor();
  assert.equal(await page.evaluate("document.activeElement.textContent"), "Keep as it is");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await settled(page);
  assert.ok(await page.locator("header.unlocked").count(), "the header shows that things may be changed");
  await tabTo(page, page.getByRole("button", { name: /lock$/ }));
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /unlock$/ }).waitFor();
  await givesBack(page, payment.orderId);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** Finds an order, and gives a part of its payment back. */
async function givesBack(page: Page, orderId: string): Promise<void> {
  await page.keyboard.press("/");
  await page.getByRole("dialog", { name: "Find anything" }).waitFor();
  await page.keyboard.type(orderId);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Payment" }).waitFor();
  await settled(page);
  await tabTo(page, page.locator("main [data-operation=refund-payment-of-any]").first());
  await page.keyboard.press("Enter");
  await type(page, token);
  const dialog = page.getByRole("dialog", { name: "Refund payment?" });
  await dialog.waitFor();
  await tabTo(page, dialog.getByRole("textbox", { name: /^Amount/ }));
  await page.keyboard.type("0.50");
  await page.keyboard.press("Tab");
  await page.keyboard.type("It came late.");
  await tabTo(page, dialog.getByRole("button", { name: "Show what happens" }));
  await page.keyboard.press("Enter");
  await dialog.getByRole("heading", { name: "What happens" }).waitFor();
  await tabTo(page, dialog.getByRole("button", { name: "Refund payment" }));
  await page.keyboard.press("Enter");
  await page.getByText("It is done, and stands in the timeline").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/** Gives the same money back from two tabs, each twice: it happens once. */
export async function happensOnce(context: BrowserContext, origin: string, { waiting, journey }: World): Promise<void> {
  const address = `${origin}/console/objects/${waiting.testimonyId}`;
  const tabs = [await context.newPage(), await context.newPage()];
  const [first, second] = tabs as [Page, Page];
  await open(first, address);
  await first.locator("main [data-operation=refund-testimony]").first().click();
  if ((await first.locator("header.unlocked").count()) === 0) await type(first, token);
  await open(second, address);
  await second.locator("main [data-operation=refund-testimony]").first().click();
  for (const tab of tabs) await fillRefund(tab);
  // Both are confirmed before either has an answer.
  await Promise.all(
    tabs.map((tab) => tab.getByRole("dialog").getByRole("button", { name: "Refund testimony" }).dblclick()),
  );
  for (const tab of tabs) await tab.getByText("It is done, and stands in the timeline").waitFor();
  const { body } = await journey.operator("GET", `/testimonies/${waiting.testimonyId}/timeline`);
  const names = body.data.entries.flatMap((one: { kind: string; name: string }) =>
    one.kind === "change" ? one.name : [],
  );
  assert.equal(names.filter((name: string) => name === "refund-testimony").length, 1, names.join(" "));
  await first.getByRole("button", { name: "Close" }).click();
  await first.locator("table").getByText("refund-testimony").first().waitFor();
  for (const tab of tabs) await tab.close();
}

async function fillRefund(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "Refund testimony?" });
  await dialog.getByRole("textbox", { name: /^The whole amount/ }).fill("180.90");
  await dialog.getByRole("textbox", { name: /^Reason/ }).fill("The expert has no account.");
  await dialog.getByRole("button", { name: "Show what happens" }).click();
  await dialog.getByRole("heading", { name: "What happens" }).waitFor();
}

/** Shows that the token is nowhere: in no storage, no address, no copied text, and not in the server's log. */
export async function keepsNoToken(page: Page, context: BrowserContext, log: string): Promise<void> {
  const copied: string[] = [];
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  for (const form of ["curl", "JSON", "Link", "Id"]) {
    const menu = page.locator("main .title .menu");
    await menu.locator("summary").click();
    await menu.locator(`[data-copies=${form}]`).click();
    copied.push(String(await page.evaluate("navigator.clipboard.readText()")));
  }
  assert.match(copied[0] ?? "", /-H "Authorization: Bearer \$ACCORD_ADMIN_TOKEN"/);
  const stored = await page.evaluate(
    "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, document.documentElement.outerHTML])",
  );
  const cookies = JSON.stringify(await context.cookies());
  for (const [where, text] of Object.entries({ copied: copied.join("\n"), stored: String(stored), cookies, log })) {
    assert.ok(!text.includes(token), `the token is in ${where}`);
  }
  assert.ok(!String(stored).includes("accord="), "the cookie is not to be read by scripts");
}

/** Types into the field that has the focus, and confirms. */
async function type(page: Page, text: string): Promise<void> {
  const field = page.getByRole("dialog").locator("input[type=password]");
  await field.waitFor();
  assert.ok(await field.evaluate((one) => one === one.ownerDocument.activeElement), "the field has the focus");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

/** Goes on with Tab until something has the focus, which must be seen on the way. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor();
  for (let presses = 0; presses < 120; presses += 1) {
    if (await wanted.evaluate((one) => one === one.ownerDocument.activeElement)) return;
    await page.keyboard.press("Tab");
    await isFocusSeen(page);
  }
  assert.fail(`Tab does not reach ${wanted}`);
}

/** Asserts that the focus is somewhere, and that it is drawn. A heading takes it without an outline. */
async function isFocusSeen(page: Page, { heading = false } = {}): Promise<void> {
  const seen = (await page.evaluate(`(() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    return { name: one.nodeName, outline: style.outlineStyle + " " + style.outlineWidth, html: one.outerHTML.slice(0, 120) };
  })()`)) as { name: string; outline: string; html: string };
  if (heading) return assert.equal(seen.name, "H1");
  if (seen.name === "BODY") return; // between the end of the page and its beginning
  assert.doesNotMatch(seen.outline, /^none| 0px$/, `the focus is not seen on ${seen.html}`);
}
