import {
  type Developer,
  deleteUnusedTokens,
  insertDeveloper,
  insertDeveloperToken,
  loadDeveloper,
  selectDeveloperByEmail,
} from "../../../db/payments/developers";
import { isRepeated } from "../../../domain/registration";
import { type Result, refuse, success } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";
import type { NewToken } from "./developer-tokens";

interface NewDeveloper {
  name: string;
  email: string;
  token: NewToken;
  /** The name of the request, if it may be repeated. */
  registration: string | null;
  operator: string;
}

/**
 * Makes a developer with a token that works at once. The same request again answers the same developer with another
 * token, while the first was not used. Refuses `developer_exists`: one per e-mail.
 */
export async function createDeveloper(
  deps: Deps,
  { name, email, token, registration, operator }: NewDeveloper,
): Promise<Result<Developer>> {
  const createdAt = deps.nowMs();
  const developer: Developer = { id: deps.newId(), name, email: email.toLowerCase(), registration, createdAt };
  const [[existing]] = await deps.db.batch([selectDeveloperByEmail(deps.db, developer.email)]);
  if (existing) return repeat(deps, existing.id, { token, registration, operator });
  const { id } = developer;
  await appendChange(
    deps,
    { aggregateId: id, tenant: id, audience: id, version: 0, sequence: 0 },
    {
      name: "create-developer",
      actor: "operator",
      data: { operator, tokenPrefix: token.prefix },
      rows: [
        insertDeveloper(deps.db, developer),
        insertDeveloperToken(deps.db, { ...token, developerId: id, createdAt }),
      ],
    },
  );
  return success(developer);
}

/** Gives a developer another token than that of the answer that was lost. */
async function repeat(
  deps: Deps,
  id: string,
  { token, registration, operator }: Pick<NewDeveloper, "token" | "registration" | "operator">,
): Promise<Result<Developer>> {
  const loaded = await loadDeveloper(deps.db, id);
  const createdAt = deps.nowMs();
  const isUnused = loaded?.tokens.every(({ lastUsedAt }) => lastUsedAt === null);
  if (!loaded || !isUnused || !isRepeated(loaded.developer, registration, createdAt)) return refuse("developer_exists");
  await appendChange(deps, loaded, {
    name: "repeat-registration",
    actor: "operator",
    data: { operator, tokenPrefix: token.prefix },
    rows: [deleteUnusedTokens(deps.db, id), insertDeveloperToken(deps.db, { ...token, developerId: id, createdAt })],
  });
  return success(loaded.developer);
}
