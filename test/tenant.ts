import { env } from "cloudflare:workers";
import { buildDeps } from "../src/container";
import { newKeyPair, type PrivateJwk } from "../src/crypto/jwe";
import { seal } from "../src/crypto/seal";
import type { TransferView } from "../src/db/transfers/transfers";
import type { Result } from "../src/domain/result";
import { readEnvironment } from "../src/env";
import type { Command, CommandName, Input, Output, PerformDeps } from "../src/operations/operations";
import { perform } from "../src/operations/perform";

/** An application of the transfers contract with one user, made through the operations. */
export interface Tenant {
  id: string;
  /** "user@handle". */
  tag: string;
  secret: string;
  privateJwk: PrivateJwk;
}

/** Returns the deps of an operation, with a clock of its own if one is given. */
export async function wired(nowMs?: () => number): Promise<PerformDeps> {
  const deps = await buildDeps(env, `test-${crypto.randomUUID()}`);
  return nowMs === undefined ? deps : { ...deps, nowMs };
}

/** Performs a command that must succeed. */
export async function must<N extends CommandName>(deps: PerformDeps, command: Command<N>): Promise<Output<N>> {
  const { result } = await perform(deps, command, { requestId: deps.requestId });
  if (!result.ok) throw new Error(`${command.name} was refused: ${result.refusal}`);
  return result.value;
}

/** Performs a command that may be refused. */
export async function attempted<N extends CommandName>(
  deps: PerformDeps,
  command: Command<N>,
): Promise<Result<Output<N>>> {
  return (await perform(deps, command, { requestId: deps.requestId })).result;
}

export async function makeTenant(
  deps: PerformDeps,
  { webhookUrl = null, encrypted = false }: { webhookUrl?: string | null; encrypted?: boolean } = {},
): Promise<Tenant> {
  const id = deps.newId();
  const handle = `app-${id.slice(-12)}`;
  const secret = `wsk_${handle}`;
  const { publicJwk, privateJwk } = await newKeyPair(`${id}:1`);
  const application = {
    id,
    name: `The ${handle}`,
    appHandle: handle,
    clientSecret: { hash: "none", prefix: "app_" },
    registration: null,
    keyVersion: 1,
    webhookSecret: await seal(readEnvironment(env).WEBHOOK_SEALING_KEYS, secret, id),
    transactionWebhookUrl: webhookUrl,
    redirectUris: null,
    logoUrl: null,
    metadata: null,
    encryptionEnabled: encrypted,
    publicKey: publicJwk,
    active: true,
  };
  await must(deps, { name: "register-application", input: application });
  const person = { externalId: "1", displayName: null, email: null, imageUrl: null, metadata: null };
  const subject = await must(deps, { name: "create-subject", input: { applicationId: id, ...person } });
  await must(deps, {
    name: "create-tag",
    input: { applicationId: id, subjectId: subject.id, tagString: "user" },
  });
  return { id, tag: `user@${handle}`, secret, privateJwk };
}

/** Makes the command that transfers 1500 naira, unless said otherwise. */
export function initiation(from: Tenant, to: Tenant, changes: Partial<Input<"initiate-transfer">> = {}) {
  const parties = { applicationId: from.id, senderTag: from.tag, receiverTag: to.tag };
  const terms = { amount: 15_000_000, currency: "NGN", narration: null, callbackUrl: null };
  const own = { externalId: null, metadata: null };
  return { name: "initiate-transfer" as const, input: { ...parties, ...terms, ...own, ...changes } };
}

/** Makes a transfer that waits for its receiver. */
export function initiated(
  deps: PerformDeps,
  from: Tenant,
  to: Tenant,
  terms: Partial<Input<"initiate-transfer">> = {},
): Promise<TransferView> {
  return must(deps, initiation(from, to, terms));
}

export function accepted(deps: PerformDeps, receiver: Tenant, { reference }: TransferView): Promise<TransferView> {
  return must(deps, { name: "accept-transfer", input: { applicationId: receiver.id, reference } });
}
