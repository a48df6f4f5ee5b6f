import { signal } from "@preact/signals";

const narrow = matchMedia("(max-width: 39.99rem)");

/** Whether there is too little width for tables and diagrams. */
export const isNarrow = signal(narrow.matches);

narrow.addEventListener("change", () => {
  isNarrow.value = narrow.matches;
});
