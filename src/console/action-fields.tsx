import { decimalsOf, parseMinor } from "./parts/amount";
import { wordsOf } from "./parts/icon";
import { Money } from "./parts/money";

/** Stands in a body for the note that the operator types. */
export const notePlaceholder = "What was found, and decided.";

interface FieldProps {
  name: string;
  value: unknown;
  currency?: string | null | undefined;
  typed: string;
  set: (text: string) => void;
}

/** A note and an amount are typed; everything else is shown as it will be sent. */
export function Field({ name, value, currency, typed, set }: FieldProps) {
  if (isTyped(name, value)) {
    return (
      <label for={`field-${name}`}>
        {wordsOf(name)}
        {name === "amount" && currency && (
          <span class="quiet">
            {" "}
            to confirm, type <Money minor={value as number} currency={currency} />
          </span>
        )}
        {name === "amount" ? (
          <input
            id={`field-${name}`}
            value={typed}
            inputMode="decimal"
            autocomplete="off"
            onInput={({ currentTarget }) => set(currentTarget.value)}
          />
        ) : (
          <textarea
            id={`field-${name}`}
            value={typed}
            rows={2}
            placeholder={value === notePlaceholder ? notePlaceholder : ""}
            onInput={({ currentTarget }) => set(currentTarget.value)}
          />
        )}
      </label>
    );
  }
  return (
    <p class="fixed">
      {wordsOf(name)} <code>{JSON.stringify(value)}</code>
    </p>
  );
}

function isTyped(name: string, value: unknown): boolean {
  return (
    value === notePlaceholder ||
    name === "note" ||
    name === "reason" ||
    (name === "amount" && typeof value === "number")
  );
}

/** Returns the body; a member that is not typed yet, or wrongly, is undefined. */
export function bodyOf(
  fields: [string, unknown][],
  typed: Record<string, string>,
  currency: string | null | undefined,
) {
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const text = (typed[name] ?? "").trim();
      if (!isTyped(name, value)) return [name, value];
      if (name === "amount") return [name, parseMinor(text, decimalsOf(currency ?? ""))];
      return [name, text === "" ? undefined : text];
    }),
  );
}
