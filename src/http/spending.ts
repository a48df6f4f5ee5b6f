import { sha256Hex } from "../crypto/hash";
import type { Owner } from "../domain/quota";
import type { Dialect, NamedErrorResponse } from "./dialect";
import type { Day, Edge } from "./edge";
import { priceOf, rowsOf } from "./prices";
import type { AnyDefinition } from "./route";

/**
 * The owners of credentials that were good in this isolate, so that the next request is counted while its credential is
 * still looked up. It proves nothing: whoever is somebody else, or nobody any more, is counted by what the look-up says.
 */
const remembered = new Map<string, Owner>();
const rememberedMax = 1_000;

type Known = { ok: true; caller: unknown } | { ok: false };

/**
 * Begins to count what a request may store, and returns what is to be asked once its caller is known: the contract's
 * answer if the day has no room for it. What changes nothing and what has no price is not counted.
 */
export function spending(
  dialect: Dialect,
  { operationId }: AnyDefinition,
  edge: Edge,
  { headers, bytes }: { headers: Headers; bytes: number },
): (known: Known) => Promise<NamedErrorResponse | undefined> {
  if (rowsOf(operationId) === undefined) return async () => undefined;
  const credential = sha256Hex(`${headers.get("Authorization")} ${headers.get("X-Developer-Token")}`);
  const expected = remembered.get(credential);
  const early = expected && count(edge, operationId, { owner: expected, bytes });
  return async (known) => {
    const owner = known.ok ? dialect.ownerOf?.(known.caller as never) : undefined;
    if (owner && owner.id === expected?.id) return tell(dialect, edge, await early);
    remember(credential, owner);
    return owner && spend(dialect, edge, operationId, { owner, bytes });
  };
}

/** The owner, and the length of the body. */
interface Spent {
  owner: Owner;
  bytes: number;
}

/** Counts an operation in its owner's day. Returns the contract's answer if there is no room for it. */
export async function spend(dialect: Pick<Dialect, "refusals">, edge: Edge, operationId: string, spent: Spent) {
  return tell(dialect, edge, await count(edge, operationId, spent));
}

async function count(edge: Edge, operationId: string, { owner, bytes }: Spent): Promise<Day | undefined> {
  const price = priceOf(operationId, bytes);
  const day = await edge.quotas.day(owner, price);
  const back = { rows: -price.rows, bytes: -price.bytes, reserve: true };
  const giveBack = async () => {
    const left = await edge.quotas.day(owner, back);
    if (left) edge.day = left;
  };
  return day?.allowed ? { ...day, giveBack } : day;
}

/** Notes the state of the day for the headers, and makes the answer to a request that it has no room for. */
function tell({ refusals }: Pick<Dialect, "refusals">, edge: Edge, day: Day | undefined) {
  if (!day) return undefined;
  edge.day = day;
  const { code = "quota_exceeded", ...answer } = refusals.quota_exceeded;
  const refused: NamedErrorResponse = { ...answer, code, headers: { "Retry-After": String(day.resetSeconds) } };
  return day.allowed ? undefined : refused;
}

function remember(credential: string, owner: Owner | undefined): void {
  remembered.delete(credential);
  if (!owner) return;
  remembered.set(credential, owner);
  const [oldest = ""] = remembered.keys();
  if (remembered.size > rememberedMax) remembered.delete(oldest);
}

/** Shows the state of the owner's day as structured fields (httpapi-ratelimit-headers, draft 10). */
export function showDay({ most, left, resetSeconds }: Day, headers: Headers): void {
  for (const unit of ["rows", "bytes"] as const) {
    if (most[unit] === 0) continue;
    headers.append("RateLimit-Policy", `"${unit}";q=${most[unit]};w=86400`);
    headers.append("RateLimit", `"${unit}";r=${left[unit]};t=${resetSeconds}`);
  }
}
