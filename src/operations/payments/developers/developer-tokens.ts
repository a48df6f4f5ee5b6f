import { write } from "../../../db/database";
import {
  type Developer,
  deleteEndedTokens,
  endDeveloperTokens,
  insertDeveloperToken,
  loadDeveloper,
  noteTokenUse as noteUse,
} from "../../../db/payments/developers";
import { done, type Result, refuse, success } from "../../../domain/result";
import { type Scope, scopeBeyond } from "../../../domain/scope";
import { hourMs } from "../../../domain/time";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";

/** A token of ours as it is stored: nobody behind the edge sees the token itself. */
export interface NewToken {
  hash: string;
  prefix: string;
  scopes: readonly Scope[];
}

/** The most live tokens of a developer, and the ended ones that are still shown. */
const liveTokensMax = 20;
const endedTokensKept = 20;

/** The actor on a developer's tokens: an operator by name, or the developer. */
type By = { operator: string } | { developer: true };

/**
 * Gives a developer another token, which ends at `expiresAtMs` if that is given. The ones before it end after the
 * overlap: all of them for an operator, for the developer only `replaces`, by its prefix. Refuses `developer_unknown`,
 * `tokens_full`.
 */
export async function rotateDeveloperToken(
  deps: Deps,
  {
    developerId,
    token,
    expiresAtMs = null,
    overlapMs,
    replaces,
    by,
  }: {
    developerId: string;
    token: NewToken;
    expiresAtMs?: number | null;
    overlapMs: number;
    replaces: { prefix: string } | "all" | "none";
    by: By;
  },
): Promise<Result<Developer>> {
  const loaded = await loadDeveloper(deps.db, developerId);
  if (!loaded) return refuse("developer_unknown");
  const createdAt = deps.nowMs();
  const live = loaded.tokens.filter(({ expiresAt }) => expiresAt === null || expiresAt > createdAt);
  if (live.length >= liveTokensMax && !(replaces === "all" && overlapMs === 0)) return refuse("tokens_full");
  const ending = replaces === "none" ? [] : [endDeveloperTokens(deps.db, developerId, createdAt + overlapMs, replaces)];
  await appendChange(deps, loaded, {
    name: "rotate-developer-token",
    ...signed(by, { tokenPrefix: token.prefix, scopes: token.scopes, overlapMs, expiresAtMs }),
    rows: [
      ...ending, // before the new one is inserted
      insertDeveloperToken(deps.db, { ...token, developerId, createdAt, expiresAt: expiresAtMs }),
      deleteEndedTokens(deps.db, developerId, { nowMs: createdAt, keep: endedTokensKept }),
    ],
  });
  return success(loaded.developer);
}

function signed(by: By, data: Record<string, unknown>) {
  return "operator" in by
    ? { actor: "operator", data: { operator: by.operator, ...data } }
    : { actor: "developer", data };
}

/**
 * Ends a developer's token at once. Revoking it again changes nothing. Whoever holds only some scopes ends no token with
 * others. Refuses `developer_unknown`, `token_unknown`, `scope_missing`.
 */
export async function revokeDeveloperToken(
  deps: Deps,
  { developerId, prefix, held, by }: { developerId: string; prefix: string; held?: readonly Scope[]; by: By },
): Promise<Result<null>> {
  const loaded = await loadDeveloper(deps.db, developerId);
  if (!loaded) return refuse("developer_unknown");
  const nowMs = deps.nowMs();
  const named = loaded.tokens.filter((token) => token.prefix === prefix);
  if (named.length === 0) return refuse("token_unknown");
  const beyond =
    held &&
    scopeBeyond(
      named.flatMap((token) => token.scopes),
      held,
    );
  if (beyond) return refuse("scope_missing", beyond);
  if (named.every(({ expiresAt }) => expiresAt !== null && expiresAt <= nowMs)) return done;
  await appendChange(deps, loaded, {
    name: "revoke-developer-token",
    ...signed(by, { tokenPrefix: prefix }),
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
