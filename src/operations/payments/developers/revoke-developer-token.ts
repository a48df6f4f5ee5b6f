import { endDeveloperTokens, loadDeveloper } from "../../../db/payments/developers";
import { done, type Result, refuse } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";

/**
 * Ends a developer's token at once. Revoking it again changes nothing. Refuses `developer_unknown`, `token_unknown`.
 */
export async function revokeDeveloperToken(
  deps: Deps,
  { developerId, prefix, operator }: Input<"revoke-developer-token">,
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
