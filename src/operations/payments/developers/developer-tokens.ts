import { write } from "../../../db/database";
import {
  type Developer,
  endDeveloperTokens,
  insertDeveloperToken,
  loadDeveloper,
  noteTokenUse as noteUse,
} from "../../../db/payments/developers";
import { done, type Result, refuse, success } from "../../../domain/result";
import { hourMs } from "../../../domain/time";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";

/** A token of ours as it is stored: nobody behind the edge sees the token itself. */
export interface NewToken {
  hash: string;
  prefix: string;
}

/** Gives a developer another token; the ones before it end after the overlap. Refuses `developer_unknown`. */
export async function rotateDeveloperToken(
  deps: Deps,
  {
    developerId,
    token,
    overlapMs,
    operator,
  }: { developerId: string; token: NewToken; overlapMs: number; operator: string },
): Promise<Result<Developer>> {
  const loaded = await loadDeveloper(deps.db, developerId);
  if (!loaded) return refuse("developer_unknown");
  const createdAt = deps.nowMs();
  await appendChange(deps, loaded, {
    name: "rotate-developer-token",
    actor: "operator",
    data: { operator, tokenPrefix: token.prefix, overlapMs },
    rows: [
      endDeveloperTokens(deps.db, developerId, createdAt + overlapMs, "all"), // before the new one is inserted
      insertDeveloperToken(deps.db, { ...token, developerId, createdAt }),
    ],
  });
  return success(loaded.developer);
}

/**
 * Ends a developer's token at once. Revoking it again changes nothing. Refuses `developer_unknown`, `token_unknown`.
 */
export async function revokeDeveloperToken(
  deps: Deps,
  { developerId, prefix, operator }: { developerId: string; prefix: string; operator: string },
): Promise<Result<null>> {
  const loaded = await loadDeveloper(deps.db, developerId);
  if (!loaded) return refuse("developer_unknown");
  const nowMs = deps.nowMs();
  const named = loaded.tokens.filter((token) => token.prefix === prefix);
  if (named.length === 0) return refuse("token_unknown");
  if (named.every(({ expiresAt }) => expiresAt !== null && expiresAt <= nowMs)) return done;
  await appendChange(deps, loaded, {
    name: "revoke-developer-token",
    actor: "operator",
    data: { operator, tokenPrefix: prefix },
    rows: [endDeveloperTokens(deps.db, developerId, nowMs, { prefix })],
  });
  return done;
}

/** Records that a token was used, once an hour at most, so that most reads write nothing. */
export async function noteTokenUse(deps: Deps, { hash }: { hash: string }): Promise<Result<null>> {
  const nowMs = deps.nowMs();
  await write(deps.db, [noteUse(deps.db, hash, { nowMs, unlessSinceMs: nowMs - hourMs })]);
  return done;
}
