import assert from "node:assert/strict";
import type { Page } from "playwright-core";

/**
 * Lists the texts that a person cannot read whole, in the dialog that is open or else on the page: those that what
 * holds them cuts off or that stand out of it, and those that begin before the page or end behind it; also the controls
 * that do so. What can be scrolled to is not cut, and what only a screen reader is meant to have is not shown.
 */
const cutTexts = `(() => {
  const tolerance = 1;
  const top = document.querySelector("dialog[open]") ?? document.body;
  const holders = "td, th, dd, dt, li, button, summary, label, .tile, .card, .notice, .badge, .chips a, dialog, main";
  const cut = [];
  const say = (text, how, element) =>
    cut.push(text.trim().slice(0, 60) + " " + how + " " + element.nodeName.toLowerCase() + "." + element.className);
  const page = { left: -scrollX, right: document.documentElement.scrollWidth - scrollX };
  const isBeyond = (rect, box) => rect.left < box.left - tolerance || rect.right > box.right + tolerance;
  const isBelow = (rect, box) => rect.top < box.top - tolerance || rect.bottom > box.bottom + tolerance;
  const innerBox = (element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return { left, top, right: left + width, bottom: top + height };
  };

  const walker = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data;
    const own = node.parentElement;
    if (text.trim() === "" || !own.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (own.closest(".hidden-text, .skip:not(:focus), script, style, option, textarea, thead, svg") && !own.closest("th")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rects = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
    look: for (const rect of rects) {
      let isScrolled = false;
      let isHeld = false;
      for (let element = own; element && element !== top.parentElement; element = element.parentElement) {
        const { overflowX, overflowY, position, clipPath } = getComputedStyle(element);
        if (clipPath !== "none") break look; // for screen readers alone
        const box = innerBox(element);
        if (/hidden|clip/.test(overflowX) && isBeyond(rect, box)) { say(text, "is cut by", element); break look; }
        if (/hidden|clip/.test(overflowY) && isBelow(rect, box)) { say(text, "is cut by", element); break look; }
        if (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth) isScrolled = true;
        if (!isScrolled && !isHeld && element.matches(holders)) {
          isHeld = true;
          if (isBeyond(rect, box)) { say(text, "stands out of", element); break look; }
        }
        if (position === "absolute" || position === "fixed") isHeld = true; // lies over what it is written in
      }
      if (isScrolled) continue;
      if (isBeyond(rect, page)) { say(text, "is beyond the page in", own); break; }
    }
  }

  const isScrolledIn = (element) =>
    element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || isScrolledIn(element.parentElement));
  for (const control of top.querySelectorAll("button, summary, input, select, textarea")) {
    if (!control.checkVisibility() || isScrolledIn(control.parentElement)) continue;
    if (isBeyond(innerBox(control), page)) say(control.textContent, "is beyond the page as", control);
  }

  const ruler = document.createElement("canvas").getContext("2d");
  for (const field of top.querySelectorAll("input, select, textarea")) {
    if (!field.checkVisibility()) continue;
    const style = getComputedStyle(field);
    ruler.font = style.font;
    const room = field.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    const said = field.nodeName === "SELECT" ? field.selectedOptions[0]?.text : field.value === "" ? field.placeholder : "";
    const arrow = field.nodeName === "SELECT" ? 16 : 0;
    if (field.nodeName === "TEXTAREA" || !said) continue;
    if (ruler.measureText(said).width > room - arrow + tolerance) say(said, "is cut by", field);
  }
  return cut;
})()`;

/** Asserts that every text can be read whole. */
export async function cutsNothing(page: Page, name: string): Promise<void> {
  assert.deepEqual(await page.evaluate(cutTexts), [], `${name}: cut off`);
}
