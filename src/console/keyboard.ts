import { signal } from "@preact/signals";
import { addedScreens } from "./added-screens";
import { go } from "./address";
import { searches } from "./screens/search";
import { letterKeys } from "./settings";

/** The screens, with the letter that leads there after `g`. */
const screens = [
  ["o", "Overview", "/console"],
  ["a", "Attention", "/console/attention"],
  ["t", "Testimonies", "/console/testimonies"],
  ["p", "Payments", "/console/payments"],
  ["r", "Transfers", "/console/transfers"],
  ["l", "Ledger", "/console/ledger"],
  ["e", "Settlement", "/console/settlement"],
  ["w", "Webhooks", "/console/webhooks"],
  ["s", "Stripe", "/console/stripe"],
  ["u", "Users", "/console/users"],
  ["d", "Developers", "/console/developers"],
  ["i", "Applications", "/console/applications"],
] as const;

/** All screens of this console, in the order of the navigation. */
export function allScreens() {
  return [...addedScreens.map(({ letter, title, name }) => [letter, title, `/console/${name}`] as const), ...screens];
}

/** Whether the list of keys is open. */
export const showsKeys = signal(false);

let isAfterG = false;

/** Follows the keys. Those that are single letters can be switched off (WCAG 2.1.4). */
export function followKeys(): void {
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      searches.value = true;
      return;
    }
    if (!letterKeys.value || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (act(event.key)) event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

function act(key: string): boolean {
  const wasAfterG = isAfterG;
  isAfterG = key === "g";
  if (wasAfterG) {
    const found = allScreens().find(([letter]) => letter === key);
    if (found) go(found[2]);
    return found !== undefined;
  }
  if (key === "/") searches.value = true;
  else if (key === "?") showsKeys.value = true;
  else if (key === "j" || key === "k") step(key === "j" ? 1 : -1);
  else if (key === "c") document.querySelector<HTMLElement>("main [data-copies=curl]")?.click();
  else return false;
  return true;
}

/** Moves the focus to what the next row opens. */
function step(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>("main [data-row]")];
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  const target = next?.querySelector<HTMLElement>("a.open, a, button, summary");
  target?.focus();
  target?.scrollIntoView({ block: "nearest" });
}
