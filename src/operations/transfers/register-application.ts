import { deleteUnusedSecrets, insertSecret } from "../../db/secrets";
import type { EcJwk } from "../../db/transfers/application-tables";
import { type Application, insertApplication, selectApplicationByHandle } from "../../db/transfers/applications";
import { isRepeated } from "../../domain/registration";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { changeApplication } from "./change-application";

/** Secrets arrive hashed or sealed. */
interface NewApplication {
  id: string;
  name: string;
  appHandle: string;
  clientSecret: { hash: string; prefix: string };
  webhookSecret: string;
  transactionWebhookUrl: string | null;
  redirectUris: string | null;
  logoUrl: string | null;
  metadata: Record<string, unknown> | null;
  encryptionEnabled: boolean;
  publicKey: EcJwk;
  keyVersion: number;
  /** The name of the request, if it may be repeated. */
  registration: string | null;
  /** True in the sandbox; in production an operator activates it (src/guides/decisions.md#debit-limit). */
  active: boolean;
}

/**
 * Makes an application. If an operator must admit it first, its wallets may not go below zero until then. One that is
 * active at once, as in the sandbox, has no limit (src/guides/decisions.md#debit-limit). The same registration again
 * gives the application other secrets, if its id is named. Refuses `handle_taken`, and `busy` if the id is another, because the first is still under way.
 */
export async function registerApplication(deps: Deps, input: NewApplication): Promise<Result<Application>> {
  const { clientSecret, webhookSecret, ...described } = input;
  const { id, name, appHandle, active, registration } = described;
  const nowMs = deps.nowMs();
  const [[existing]] = await deps.db.batch([selectApplicationByHandle(deps.db, appHandle)]);
  if (existing) {
    if (!isRepeated(existing, registration, nowMs)) return refuse("handle_taken");
    return existing.id === id ? repeatRegistration(deps, input) : refuse("busy");
  }
  const application: Application = {
    ...described,
    admin: false,
    debitLimit: active ? null : 0,
    createdAt: nowMs,
    updatedAt: nowMs,
  };
  const answer = success(application);
  await appendChange(
    deps,
    { aggregateId: id, tenant: id, audience: id, version: 0, sequence: 0 },
    {
      name: "register-application",
      actor: "anonymous",
      data: { name, appHandle, active },
      rows: [insertApplication(deps.db, application), ...firstSecrets(deps, input)],
      answer,
    },
  );
  return answer;
}

/**
 * Gives a registered application other secrets than those of the answer that was lost. Refuses `handle_taken` once the
 * first client secret was used. If that happens meanwhile, the batch fails, because the new secret has its number.
 */
function repeatRegistration(deps: Deps, input: NewApplication): Promise<Result<Application>> {
  const { id, publicKey, keyVersion } = input;
  const by = { name: "repeat-registration", actor: "anonymous" };
  return changeApplication(deps, id, by, ({ application, secrets }) => {
    if (secrets.some(({ usedAt, number }) => usedAt !== null || number > 1)) return refuse("handle_taken");
    if (keyVersion !== application.keyVersion + 1) return refuse("busy");
    const rows = [deleteUnusedSecrets(deps.db, { ownerId: id }), ...firstSecrets(deps, input)];
    return { changes: { publicKey, keyVersion }, rows, data: { keyVersion } };
  });
}

function firstSecrets({ db, nowMs }: Deps, { id: ownerId, clientSecret, webhookSecret }: NewApplication) {
  const first = { ownerId, number: 1, createdAt: nowMs() };
  return [
    insertSecret(db, { ...first, kind: "client", secret: clientSecret.hash, prefix: clientSecret.prefix }),
    insertSecret(db, { ...first, kind: "webhook", secret: webhookSecret }),
  ];
}
