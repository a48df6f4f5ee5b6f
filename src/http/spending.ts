import { sha256Hex } from "../crypto/hash";
import { bytesOfRow, type Owner } from "../domain/quota";
import type { Dialect, NamedErrorResponse } from "./dialect";
import type { Day, Edge } from "./edge";
import { rowsOf } from "./prices";
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
 * answer if the day has no room for it. What does not change anything, and what ends something, is not counted.
 */
export function spending(
  dialect: Dialect,
  { operationId }: AnyDefinition,
  edge: Edge,
  { headers, bytes }: { headers: Headers; bytes: number },
): (known: Known) => Promise<NamedErrorResponse | undefined> {
  const rows = rowsOf(operationId);
  if (rows === undefined) return async () => undefined;
  const price = { rows, bytes: bytes + rows * bytesOfRow };
  const credential = sha256Hex(`${headers.get("Authorization")} ${headers.get("X-Developer-Token")}`);
  const expected = remembered.get(credential);
  const early = expected && edge.quotas.day(expected, price);
  return async (known) => {
    const owner = known.ok ? dialect.ownerOf?.(known.caller as never) : undefined;
    const isExpected = expected !== undefined && owner?.id === expected.id;
    if (!isExpected) remember(credential, owner);
    const day = isExpected ? await early : owner && (await edge.quotas.day(owner, price));
    if (!day) return undefined;
    edge.day = day;
    const { code = "quota_exceeded", ...answer } = dialect.refusals.quota_exceeded;
    return day.allowed ? undefined : { ...answer, code, headers: { "Retry-After": String(day.resetSeconds) } };
  };
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
