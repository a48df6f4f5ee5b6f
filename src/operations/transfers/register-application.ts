import { type Application, insertApplication, selectApplicationByHandle } from "../../db/transfers/applications";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/**
 * Makes an application. If an operator must admit it first, its wallets may not go below zero until then. One that is
 * active at once, as in the sandbox, has no limit (src/guides/decisions.md#debit-limit). Refuses `handle_taken`.
 */
export async function registerApplication(
  deps: Deps,
  input: Input<"register-application">,
): Promise<Result<Application>> {
  const [[existing]] = await deps.db.batch([selectApplicationByHandle(deps.db, input.appHandle)]);
  if (existing) return refuse("handle_taken");
  const nowMs = deps.nowMs();
  const application: Application = {
    ...input,
    keyVersion: 1,
    admin: false,
    debitLimit: input.active ? null : 0,
    createdAt: nowMs,
    updatedAt: nowMs,
  };
  const { id, name, appHandle, active } = application;
  const answer = success(application);
  await appendChange(
    deps,
    { aggregateId: id, tenant: id, audience: id, version: 0, sequence: 0 },
    {
      name: "register-application",
      actor: "anonymous",
      data: { name, appHandle, active },
      rows: [insertApplication(deps.db, application)],
      answer,
    },
  );
  return answer;
}
