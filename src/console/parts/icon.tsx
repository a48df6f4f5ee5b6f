/** Marks that tell states apart by their form, with no need of their colour. */
const shapes = {
  copy: "M5 5V2h9v9h-3M2 5h9v9H2z",
  search: "M7 2a5 5 0 1 0 0 10A5 5 0 0 0 7 2zm3.6 8.6L14.5 14.5",
  locked: "M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2",
  unlocked: "M3 7h10v7H3zM5 7V5a3 3 0 0 1 5.8-1",
  menu: "M2 4h12M2 8h12M2 12h12",
} as const;

export function Icon({ name }: { name: keyof typeof shapes }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  );
}

const signs = { good: "✓", bad: "✗", open: "○", warn: "!", off: "–" } as const;

export type Tone = keyof typeof signs;

/** A state in words, with a sign before it. */
export function State({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span class={`state ${tone}`}>
      <span aria-hidden="true">{signs[tone]}</span> {children}
    </span>
  );
}

/** Makes words of a name: "payout_failed" becomes "Payout failed". */
export function wordsOf(name: string): string {
  const words = name.replace(/[_-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}
