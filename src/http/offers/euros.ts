import * as z from "zod";
import { formatDecimal } from "../../domain/money";

export const euros = z.number().meta({ description: "Decimal euros.", example: 149.5 });

/** Returns cents as the JSON number of the decimal text: 14950 → 149.5. */
export function toEuros(amountMinor: number): number {
  return Number(formatDecimal(amountMinor, 2));
}
