import assert from "node:assert/strict";
import type { Browser } from "playwright-core";
import { fits, open, snapshot } from "./browser.ts";

/** Shows that forced colours keep every state apart, that paper shows what matters, and that little motion is none. */
export async function suitsEveryMedium(browser: Browser, origin: string, screens: Record<string, string>) {
  const forced = await browser.newContext({ viewport: { width: 1280, height: 900 }, forcedColors: "active" });
  const page = await forced.newPage();
  for (const [name, path] of Object.entries(screens)) {
    await open(page, `${origin}/console${path}`);
    await snapshot(page, `${name}-forced`);
    const bare = await page
      .locator("main .state")
      .evaluateAll((all) => all.map((one) => String(one.textContent)).filter((text) => !/^[✓✗○!–] \S/.test(text)));
    assert.deepEqual(bare, [], `${name}: every state has a sign and a word`);
    const marks = await page.locator(".mark .shape").evaluateAll((all) =>
      all.map((one) => ({
        tone: one.closest("a")?.getAttribute("class")?.replace("mark ", "") ?? "",
        form: one.classList.contains("side-mark")
          ? "side"
          : one.nodeName + (one.getAttribute("d") ?? "").replace(/[\d.]+/g, ""),
        isRing: one.classList.contains("ring"),
      })),
    );
    const forms = new Map<string, string>();
    for (const { tone, form, isRing } of marks.filter((one) => one.form !== "side")) {
      const known = forms.get(form + isRing);
      assert.ok(known === undefined || known === tone, `${name}: ${known} and ${tone} have the same form`);
      forms.set(form + isRing, tone);
    }
  }
  await forced.close();

  const paper = await browser.newContext({ viewport: { width: 794, height: 1123 } });
  const sheet = await paper.newPage();
  for (const [name, path] of Object.entries(screens)) {
    await open(sheet, `${origin}/console${path}`);
    await sheet.emulateMedia({ media: "print" });
    await fits(sheet, `${name}, printed`);
    const frame = sheet.locator("body > header, .side, main button");
    const shown = await frame.evaluateAll((all) => all.filter((one) => one.getClientRects().length > 0).length);
    assert.equal(shown, 0, `${name}: what cannot be pressed is not printed`);
    await snapshot(sheet, `${name}-printed`);
    await sheet.emulateMedia({ media: "screen" });
  }
  await paper.close();

  const still = await browser.newContext({ reducedMotion: "reduce" });
  const calm = await still.newPage();
  await open(calm, `${origin}/console`);
  const moving = await calm.evaluate(
    "document.getAnimations().filter(({ effect }) => effect.getComputedTiming().duration > 10).length",
  );
  assert.equal(moving, 0, "nothing moves by itself");
  await still.close();
}
