import {
  type Developer,
  endDeveloperTokens,
  insertDeveloperToken,
  loadDeveloper,
} from "../../../db/payments/developers";
import { type Result, refuse, success } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";

/** Gives a developer another token; the ones before it end after the overlap. Refuses `developer_unknown`. */
export async function rotateDeveloperToken(
  deps: Deps,
  { developerId, token, overlapMs, operator }: Input<"rotate-developer-token">,
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
