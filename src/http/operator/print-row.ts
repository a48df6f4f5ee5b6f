import * as z from "zod";
import { exactNumber } from "../../domain/exact-number";
import { formatTransferAmount } from "../../domain/transfers/transfer-amount";
import { forDescription } from "../described";

/** The parts of a column that decide how its values are printed. */
interface Field {
  dataType?: string;
  notNull?: boolean;
  enumValues?: readonly string[] | undefined;
}

export type Fields = Readonly<Record<string, object>>;

/*
 * The rows that operators read are printed by the names of their fields: the names of times end in a preposition, and
 * those of amounts in minor units in `Minor`. Other amounts are of the transfers contract.
 */
const instants = /^at$|(?:At|By|Since|Before|Until)$/;
const amounts = /^(?:amount|balance|debitLimit|(?:opening|closing)Balance|netAmount)$/;

/** Prints the fields of a row: times as texts, amounts of transfers with their decimals, e-mails masked. */
export function printRow(row: Readonly<Record<string, unknown>>, fields: Fields) {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, printed(name, row[name])]));
}

function printed(name: string, value: unknown): unknown {
  if (typeof value === "number" && instants.test(name)) return new Date(value).toISOString();
  // A sum may be a text, because a number does not hold all of its digits.
  if (value !== null && amounts.test(name)) return exactNumber(formatTransferAmount(BigInt(value as number | string)));
  return name === "email" && typeof value === "string" ? maskEmail(value) : value;
}

/** Keeps the first letter of an e-mail, and its domain. */
export function maskEmail(email: string): string {
  return email.replace(/^(.)[^@]*/u, "$1…");
}

/** Makes the schema of a row. `special` are the fields that are no columns, or whose JSON has a form. */
export const rowObject = forDescription(
  () =>
    (id: string, fields: Fields, special: z.ZodRawShape = {}) =>
      z
        .strictObject({
          ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(name, field)])),
          ...special,
        })
        .meta(forDescription(() => ({ id }))),
);

const schemaOf = forDescription(() => (name: string, field: Field) => {
  const { dataType, enumValues = [], notNull } = field;
  if (amounts.test(name)) return notNull === false ? z.number().nullable() : z.number();
  const whole = instants.test(name) ? z.iso.datetime() : z.int();
  const anything = z.unknown(); // null, too
  const lists = /^(?:holds|events|requirements)$/.test(name) ? z.array(z.string()) : anything;
  const [first, ...others] = enumValues;
  const text = first === undefined ? z.string() : z.enum([first, ...others]);
  const schema = { number: whole, string: text, boolean: z.boolean(), json: lists }[`${dataType}`] ?? anything;
  return notNull || schema === anything ? schema : schema.nullable();
});
