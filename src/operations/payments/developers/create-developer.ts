import {
  type Developer,
  insertDeveloper,
  insertDeveloperToken,
  selectDeveloperByEmail,
} from "../../../db/payments/developers";
import { type Result, refuse, success } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";
import type { NewToken } from "./developer-tokens";

/** Makes a developer with a token that works at once. Refuses `developer_exists`: one per e-mail. */
export async function createDeveloper(
  deps: Deps,
  { name, email, token, operator }: { name: string; email: string; token: NewToken; operator: string },
): Promise<Result<Developer>> {
  const createdAt = deps.nowMs();
  const developer: Developer = { id: deps.newId(), name, email: email.toLowerCase(), createdAt };
  const [[existing]] = await deps.db.batch([selectDeveloperByEmail(deps.db, developer.email)]);
  if (existing) return refuse("developer_exists");
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
