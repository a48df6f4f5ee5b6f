import { noteSecretUse, type Secret } from "../../db/secrets";
import { done, type Result, refuse } from "../../domain/result";
import type { Deps } from "../deps";

/**
 * Records the first use of a client secret, after which its registration cannot be repeated. Refuses `secret_unknown` if
 * a repeated registration has just replaced it.
 */
export async function useClientSecret(deps: Deps, { secret }: { secret: Secret }): Promise<Result<null>> {
  if (secret.usedAt !== null) return done;
  const [[used]] = await deps.db.batch([noteSecretUse(deps.db, secret, deps.nowMs())]);
  return used ? done : refuse("secret_unknown");
}
