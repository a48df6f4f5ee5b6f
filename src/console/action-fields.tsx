import type { ComponentChildren } from "preact";
import { decimalsOf, parseMinor } from "./parts/amount";
import { wordsOf } from "./parts/icon";
import { Money } from "./parts/money";

/** Stands in a body for the note that the operator types. */
export const notePlaceholder = "What was found, and decided.";

/** A member of the body that the operator types. */
export interface Typed {
  name: string;
  label?: string;
  hint?: ComponentChildren;
  /** Makes what is sent of the text; undefined if the text is none. */
  read: (text: string) => unknown;
  isOptional?: boolean;
  initial?: string;
  isLong?: boolean;
}

export function note(name = "note"): Typed {
  return { name, read: (text) => text || undefined, isLong: true };
}

/** Reads an instant of UTC, of which the time of day may be left out; undefined if it is none. */
export function instantOf(typed: string): string | undefined {
  const text = typed.trim();
  if (!/^\d{4}-\d\d-\d\d/.test(text)) return undefined;
  const at = new Date(/^\d{4}-\d\d-\d\d[ T][\d:.]+$/.test(text) ? `${text.replace(" ", "T")}Z` : text);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

/** An instant, as it stands in the console's tables, or as the API prints it. */
export function instant(name: string, { initial = "", isOptional = false } = {}): Typed {
  return { name, read: instantOf, initial, isOptional, hint: <span class="quiet"> UTC, as 2026-11-20 13:00</span> };
}

/** An amount in minor units of the currency, typed with its decimals. */
export function amount(currency: string, hint: ComponentChildren, { name = "amount", isOptional = false } = {}): Typed {
  return { name, hint, isOptional, read: (text) => parseMinor(text, decimalsOf(currency)) };
}

/** Parts a body into what is fixed, and what is typed in the place of its placeholders. */
export function parted(
  body: Readonly<Record<string, unknown>>,
  currency: string | null | undefined,
): { fixed: Record<string, unknown>; typed: Typed[] } {
  const fixed: Record<string, unknown> = {};
  const typed: Typed[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (value === notePlaceholder || name === "note" || name === "reason") typed.push(note(name));
    else if (name === "amount" && typeof value === "number") typed.push(repeated(name, value, currency ?? ""));
    else fixed[name] = value;
  }
  return { fixed, typed };
}

/** An amount that is known, and typed once more by hand before money moves. */
export function repeated(name: string, minor: number, currency: string): Typed {
  const hint = (
    <span class="quiet">
      {" "}
      to confirm, type <Money minor={minor} currency={currency} />
    </span>
  );
  const read = (text: string) => (parseMinor(text, decimalsOf(currency)) === minor ? minor : undefined);
  return { name, hint, read };
}

/** The field of a member that is typed. */
export function Field({ of, text, set }: { of: Typed; text: string; set: (text: string) => void }) {
  const { name, label = wordsOf(name.replace(/_/g, " ")), hint, isOptional, isLong, read } = of;
  const isWrong = text.trim() !== "" && read(text.trim()) === undefined;
  const given = {
    id: `field-${name}`,
    value: text,
    autocomplete: "off",
    "aria-invalid": isWrong,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => set(currentTarget.value),
  };
  return (
    <label for={`field-${name}`}>
      {label}
      {isOptional && <span class="quiet"> if wanted</span>}
      {hint}
      {isWrong && <span class="state bad"> ✗ this cannot be read</span>}
      {isLong ? <textarea {...given} rows={2} placeholder={notePlaceholder} /> : <input {...given} />}
    </label>
  );
}

/** Returns the body, or undefined while something is missing or cannot be read. */
export function bodyOf(
  fixed: Readonly<Record<string, unknown>>,
  typed: readonly Typed[],
  texts: Readonly<Record<string, string>>,
): Record<string, unknown> | undefined {
  const body = { ...fixed };
  for (const { name, read, isOptional = false } of typed) {
    const text = (texts[name] ?? "").trim();
    if (text === "" && isOptional) continue;
    const value = read(text);
    if (value === undefined) return undefined;
    body[name] = value;
  }
  return body;
}
