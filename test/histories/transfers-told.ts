import type { Answer } from "../journey";
import type { Told, ToldTransfer } from "./snapshot";
import type { End } from "./transfers-steps";

/** Records an answered transfer. Returns whether it is a new one. */
export function hearOfTransfer({ transfers, wrong }: Told, answer: Answer, made: Omit<ToldTransfer, "end">): boolean {
  const { reference } = answer.body.data;
  const isNew = !transfers.has(reference);
  if (isNew) transfers.set(reference, made);
  else if (!isReplay(answer)) wrong.push(`${reference} was made twice`);
  return isNew;
}

const ends = { accept: "COMPLETED", reject: "REJECTED", cancel: "CANCELLED" } as const satisfies Record<End, string>;

/** Records an answered resolution, which happens once. */
export function hearOfEnd({ transfers, wrong }: Told, answer: Answer, end: End): void {
  const { reference, status } = answer.body.data;
  const told = transfers.get(reference);
  if (!told) return;
  if (told.end !== undefined && !isReplay(answer)) wrong.push(`${reference} was resolved twice`);
  if (status !== ends[end]) wrong.push(`${end} of ${reference} came to ${status}`);
  told.end = status;
}

/** Compares a transfer's state with its known end, which never changes. */
export function hearOfState({ wrong }: Told, { body }: Answer, before: string | undefined): void {
  const { reference, status } = body.data;
  if (before !== undefined && status !== before) wrong.push(`${reference} was ${before}, and is seen as ${status}`);
}

/** Records the answer about a settled day, which never changes. */
export function hearOfSettlement({ settlements, wrong }: Told, { body }: Answer): void {
  const { settlementDate: day, id, totalCredited, totalDebited } = body.data;
  const said = JSON.stringify([id, totalCredited, totalDebited]);
  const before = settlements.get(day);
  if (before !== undefined && before !== said) wrong.push(`${day} was settled as ${before}, and is ${said}`);
  settlements.set(day, said);
}

/** The sums that a wallet received and paid, of scale 4. Over a lifetime they may be more than a number holds. */
export interface Sums {
  credited: bigint;
  debited: bigint;
}

/** Computes these sums from the answers. */
export function answeredSums({ transfers }: Told, applicationId: string, currency: string): Sums {
  const moved = [...transfers.values()].filter((one) => one.end === "COMPLETED" && one.currency === currency);
  const sum = (side: "senderId" | "receiverId") =>
    moved.filter((one) => one[side] === applicationId).reduce((total, one) => total + BigInt(one.amount), 0n);
  return { credited: sum("receiverId"), debited: sum("senderId") };
}

/** Compares a wallet with the sums that were answered before, which it must reach at least. */
export function hearOfWallet({ wrong }: Told, { body }: Answer, before: Sums): void {
  const { balance, totalCredited, totalDebited } = body.data;
  if (![totalCredited, totalDebited].every(isExact)) return; // a double has lost digits, so only the rows are checked
  const [credited, debited] = [scaled(totalCredited), scaled(totalDebited)];
  const isRight = scaled(balance) === credited - debited && credited >= before.credited && debited >= before.debited;
  const answered = `${before.credited} in, ${before.debited} out`;
  if (!isRight) wrong.push(`a wallet is ${JSON.stringify(body.data)}; answered were ${answered}`);
}

/** Tells whether a number of an answer has all its digits here. */
function isExact(amount: number): boolean {
  return amount < Number.MAX_SAFE_INTEGER / 10_000;
}

/** Converts an amount of an answer to an integer of scale 4, by its text because a float would be inexact. */
function scaled(amount: number): bigint {
  const [whole = "0", fraction = ""] = String(amount).split(".");
  return BigInt(whole + fraction.padEnd(4, "0"));
}

function isReplay({ headers }: Answer): boolean {
  return headers.get("Idempotent-Replayed") === "true";
}
