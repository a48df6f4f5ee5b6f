import * as z from "zod";
import { exactNumber } from "../../domain/exact-number";
import { formatTransferAmount } from "../../domain/transfers/transfer-amount";
import { forDescription } from "../described";

/** An amount in JSON: a number of at most four decimals. */
export const amountObject = forDescription(() => z.number().meta({ example: 1500 }));

/** Prints an integer of scale 4 digit for digit. */
export function toAmount(amount: number | bigint) {
  return exactNumber(formatTransferAmount(amount));
}
