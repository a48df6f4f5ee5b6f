import { computed, signal } from "@preact/signals";

/** The address that is shown. Whatever a screen can be told stands in it, so that every view can be linked to. */
const here = signal(new URL(location.href));

/** Whether somebody has come from one screen to another since the page was loaded. */
export const hasMoved = signal(false);

export const path = computed(() => here.value.pathname.replace(/\/+$/, "") || "/console");
export const query = computed(() => here.value.searchParams);

/** Shows another address of the console. */
export function go(to: string, { replace = false } = {}): void {
  const next = new URL(to, location.href);
  if (next.href === location.href) return;
  const isSameScreen = next.pathname === location.pathname;
  history[replace ? "replaceState" : "pushState"](null, "", next);
  hasMoved.value ||= !isSameScreen;
  here.value = next;
  if (!isSameScreen) scrollTo(0, 0);
}

/** Returns the present address with other parameters; undefined takes one away. */
export function withQuery(changes: Readonly<Record<string, string | undefined>>): string {
  const next = new URL(here.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === "") next.searchParams.delete(name);
    else next.searchParams.set(name, value);
  }
  return next.pathname + next.search;
}

/** Returns the address of whatever an id leads to. */
export function objectPath(id: string): string {
  return `/console/objects/${encodeURIComponent(id).replaceAll(".", "%2E")}`;
}

/** Follows links of the console without loading the page again. A middle click and the like stay the browser's. */
export function followLinks(): void {
  addEventListener("popstate", () => {
    here.value = new URL(location.href);
  });
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.getAttribute("target")) return;
    const to = new URL(hrefOf(link), location.href);
    if (to.origin !== location.origin || !/^\/console(\/|$)/.test(to.pathname) || to.hash !== "") return;
    event.preventDefault();
    go(to.pathname + to.search);
  });
}

/** The address of a link, in HTML or within a diagram. */
function hrefOf(link: Element): string {
  return link.getAttribute("href") ?? "";
}
