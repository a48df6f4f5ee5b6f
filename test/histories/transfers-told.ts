import type { Answer } from "../journey";
import type { Told, ToldTransfer } from "./picture";

/** A transfer was answered as made. Answers whether it is a new one. */
export function hearOfTransfer({ transfers, wrong }: Told, answer: Answer, made: Omit<ToldTransfer, "end">): boolean {
  const { reference } = answer.body.data;
  const isNew = !transfers.has(reference);
  if (isNew) transfers.set(reference, made);
  else if (!isReplay(answer)) wrong.push(`${reference} was made twice`);
  return isNew;
}

const ends = { accept: "COMPLETED", reject: "REJECTED" } as const;

/** A transfer was answered as resolved: that happens once. */
export function hearOfEnd({ transfers, wrong }: Told, answer: Answer, end: "accept" | "reject"): void {
  const { reference, status } = answer.body.data;
  const told = transfers.get(reference);
  if (!told) return;
  if (told.end !== undefined && !isReplay(answer)) wrong.push(`${reference} was resolved twice`);
  if (status !== ends[end]) wrong.push(`${end} of ${reference} came to ${status}`);
  told.end = status;
}

/** How a transfer stands was seen, and what was known of its end before: that stays so. */
export function hearOfState({ wrong }: Told, { body }: Answer, before: string | undefined): void {
  const { reference, status } = body.data;
  if (before !== undefined && status !== before) wrong.push(`${reference} was ${before}, and is seen as ${status}`);
}

/** A day was answered as settled: so it stays. */
export function hearOfSettlement({ settlements, wrong }: Told, { body }: Answer): void {
  const { settlementDate: day, id, totalCredited, totalDebited } = body.data;
  const said = JSON.stringify([id, totalCredited, totalDebited]);
  const before = settlements.get(day);
  if (before !== undefined && before !== said) wrong.push(`${day} was settled as ${before}, and is ${said}`);
  settlements.set(day, said);
}

/** What came into a wallet and went out of it, of scale 4: in a lifetime it may be more than a number holds. */
export interface Sums {
  credited: bigint;
  debited: bigint;
}

/** The same, as far as it was answered. */
export function answeredSums({ transfers }: Told, applicationId: string, currency: string): Sums {
  const moved = [...transfers.values()].filter((one) => one.end === "COMPLETED" && one.currency === currency);
  const sum = (side: "senderId" | "receiverId") =>
    moved.filter((one) => one[side] === applicationId).reduce((total, one) => total + BigInt(one.amount), 0n);
  return { credited: sum("receiverId"), debited: sum("senderId") };
}

/** A wallet was seen, and what was answered of it before: so much has moved at least. */
export function hearOfWallet({ wrong }: Told, { body }: Answer, before: Sums): void {
  const { balance, totalCredited, totalDebited } = body.data;
  if (![totalCredited, totalDebited].every(isExact)) return; // a double has lost digits: the rows are looked at instead
  const [credited, debited] = [scaled(totalCredited), scaled(totalDebited)];
  const isRight = scaled(balance) === credited - debited && credited >= before.credited && debited >= before.debited;
  const answered = `${before.credited} in, ${before.debited} out`;
  if (!isRight) wrong.push(`a wallet is ${JSON.stringify(body.data)}; answered were ${answered}`);
}

/** Whether a number on the wire still has all its digits here. */
function isExact(amount: number): boolean {
  return amount < Number.MAX_SAFE_INTEGER / 10_000;
}

/** An amount on the wire in integers of scale 4: by its text, because a float would be off. */
function scaled(amount: number): bigint {
  const [whole = "0", fraction = ""] = String(amount).split(".");
  return BigInt(whole + fraction.padEnd(4, "0"));
}

function isReplay({ headers }: Answer): boolean {
  return headers.get("Idempotent-Replayed") === "true";
}
