import type { Statement } from "../db/database";
import { deleteEndedSecrets, endSecrets, type Holder, insertSecret, type Secret } from "../db/secrets";
import { type Result, refuse, success } from "../domain/result";
import type { Deps } from "./deps";

/** The most secrets that may be valid at once: each of a webhook's adds a signature to the header of every message. */
const liveSecretsMax = 5;

/** The rows of a new secret, and the times at which the one before it and the last of all earlier ones end. */
interface Succession {
  rows: Statement[];
  endsAt: number;
  previousUntil: number;
}

/**
 * Gives a holder a new secret. The one before it is valid too until the overlap is over, and each that has an end of its
 * own already until then; without an overlap all of them end at once. `known` are the live ones. Refuses `secrets_full`.
 */
export function succeedSecret(
  { db, nowMs }: Pick<Deps, "db" | "nowMs">,
  holder: Holder,
  known: readonly Secret[],
  { overlapMs, ...next }: { secret: string; prefix?: string; overlapMs: number },
): Result<Succession> {
  const createdAt = nowMs();
  const live = known.filter(({ kind }) => kind === holder.kind);
  if (overlapMs > 0 && live.length >= liveSecretsMax) return refuse("secrets_full");
  const endsAt = createdAt + overlapMs;
  const rows = [
    deleteEndedSecrets(db, holder, createdAt),
    endSecrets(db, holder, endsAt, { all: overlapMs === 0 }),
    insertSecret(db, { ...holder, ...next, number: (live[0]?.number ?? 0) + 1, createdAt }),
  ];
  const previousUntil = overlapMs === 0 ? endsAt : Math.max(endsAt, ...live.map((one) => one.endsAt ?? 0));
  return success({ rows, endsAt, previousUntil });
}
