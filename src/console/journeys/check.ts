/** Throws, with what should be, unless it is so. */
export function must(isSo: boolean, what: string): asserts isSo {
  if (!isSo) throw new Error(what);
}

/** Throws, with what should be, unless both are the same as JSON. */
export function mustEqual(found: unknown, expected: unknown, what: string): void {
  const [left, right] = [JSON.stringify(found), JSON.stringify(expected)];
  must(left === right, `${what}: ${left} instead of ${right}`);
}

/** Returns the refusal of a call, as `is` knows it. Throws if the call succeeds, or fails in another way. */
export async function refusal<Refused>(
  call: Promise<unknown>,
  is: (thrown: unknown) => thrown is Refused,
): Promise<Refused> {
  try {
    await call;
  } catch (thrown) {
    if (is(thrown)) return thrown;
    throw thrown;
  }
  throw new Error("a call succeeded that must be refused");
}

/** Prints minor units of a currency with two decimals: 14950 → "149.50". */
export function amount(minor: number): string {
  const digits = String(Math.abs(minor)).padStart(3, "0");
  return `${minor < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Returns the alert of a page. */
export function alertOf(page: string): string {
  const [, text = ""] = /role="alert"[^>]*>(.*?)<\/div>/s.exec(page) ?? [];
  return text.replace(/<[^>]*>/g, "").trim();
}
