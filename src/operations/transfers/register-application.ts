import type { EcJwk } from "../../db/transfers/application-tables";
import { type Application, insertApplication, selectApplicationByHandle } from "../../db/transfers/applications";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/** Secrets arrive hashed or sealed. */
interface NewApplication {
  id: string;
  name: string;
  appHandle: string;
  clientSecretHash: string;
  webhookSecret: string;
  transactionWebhookUrl: string | null;
  redirectUris: string | null;
  logoUrl: string | null;
  metadata: Record<string, unknown> | null;
  encryptionEnabled: boolean;
  publicKey: EcJwk;
  /** True in the sandbox; in production an operator activates it (src/guides/decisions.md#debit-limit). */
  active: boolean;
}

/**
 * Makes an application. If an operator must admit it first, its wallets may not go below zero until then. One that is
 * active at once, as in the sandbox, has no limit (src/guides/decisions.md#debit-limit). Refuses `handle_taken`.
 */
export async function registerApplication(deps: Deps, input: NewApplication): Promise<Result<Application>> {
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
