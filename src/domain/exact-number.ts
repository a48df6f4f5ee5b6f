/** A number that JSON prints exactly as it is written, so that no digit is lost. */
export type ExactNumber = { readonly rawJSON: string };

/**
 * Makes a JSON number of a decimal text, digit for digit, without a float in between (src/guides/decisions.md#amounts).
 */
export function exactNumber(text: string): ExactNumber {
  return (JSON as unknown as { rawJSON: (text: string) => ExactNumber }).rawJSON(text);
}
