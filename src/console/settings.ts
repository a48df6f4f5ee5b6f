import { effect, signal } from "@preact/signals";

export const clocks = { utc: "UTC", local: "Local time", relative: "Relative" } as const;
export type Clock = keyof typeof clocks;

/** Choices that the browser remembers. Nothing about people or money is among them. */
export const clock = signal<Clock>(remembered("clock", clocks, "utc"));
export const letterKeys = signal(remembered<"on" | "off">("keys", { on: 0, off: 0 }, "on") === "on");

/** Remembers each choice as it is made. */
export function rememberSettings(): void {
  effect(() => keep("clock", clock.value));
  effect(() => keep("keys", letterKeys.value ? "on" : "off"));
}

function remembered<Name extends string>(name: string, known: Record<Name, unknown>, otherwise: Name): Name {
  const value = read(name);
  return value !== null && Object.hasOwn(known, value) ? (value as Name) : otherwise;
}

/** A browser may refuse its storage. */
function read(name: string): string | null {
  try {
    return localStorage.getItem(`accord.${name}`);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`accord.${name}`, value);
  } catch {
    // It is forgotten with the page.
  }
}
