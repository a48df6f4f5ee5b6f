import type * as z from "zod";

/**
 * Removes spaces and the marks of a writing direction, which come along where people paste a phone number, an IBAN or an
 * e-mail address. None of these has any.
 */
export function compact(text: string): string {
  return text.normalize("NFKC").replace(/[\s\p{Cf}]/gu, "");
}

/** A dot-string of RFC 5321 4.1.2. */
const local = /^(?!.{65})[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const domain = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d]$/i;
const ascii = /^[!-~]+$/;
const lengthMax = 254; // RFC 5321 4.5.3.1.3, without the angle brackets

/**
 * Returns an e-mail address without spaces, its domain in the letters of the DNS if it has others; undefined if no mail
 * system would take it.
 */
export function readEmail(text: string): string | undefined {
  const [, name = "", place = ""] = /^([^@]+)@([^@/?#:\\%]+)$/.exec(compact(text)) ?? [];
  const host = ascii.test(place) ? place : (URL.parse(`http://${place}`)?.hostname ?? "");
  const address = `${name}@${host}`;
  return local.test(name) && domain.test(host) && address.length <= lengthMax ? address : undefined;
}

/** Converts a text to an e-mail address in a schema. */
export function toEmail(text: string, { issues }: z.RefinementCtx): string {
  const address = readEmail(text);
  if (address === undefined) issues.push({ code: "invalid_format", format: "email", input: text });
  return address ?? "";
}
