/** What JSON prints as it is written: a number of which no digit is lost. */
export type ExactNumber = { readonly rawJSON: string };

/** A decimal text as a JSON number, digit for digit: no float touches it (src/guides/decisions.md#amounts). */
export function exactNumber(text: string): ExactNumber {
  return (JSON as unknown as { rawJSON: (text: string) => ExactNumber }).rawJSON(text);
}
