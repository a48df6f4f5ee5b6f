import type { Answer, Journey } from "./journey.ts";

/** An application of the transfers contract, with what its owner knows. */
export interface Tenant {
  id: string;
  name: string;
  handle: string;
  clientSecret: string;
  webhookSecret: string;
  /** A JWT that lasts for an hour. */
  token: string;
  subjectId: string;
  /** "alice@handle". */
  tag: string;
}

/** The terms of a transfer beside the two tags. */
export interface Terms {
  amount?: unknown;
  currency?: string;
  narration?: string;
  callbackUrl?: string;
  externalId?: string;
  metadata?: Record<string, unknown>;
  idempotencyKey?: string;
}

let counter = 0;

/** The transfers contract over HTTP, as applications use it. */
export class TransfersJourney {
  private readonly journey: Journey;

  constructor(journey: Journey) {
    this.journey = journey;
  }

  /** Sends one request of an application. Returns any answer. */
  ask(
    tenant: { token: string } | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.journey.call(method, `/api/v1${path}`, {
      headers,
      ...(tenant ? { token: tenant.token } : {}),
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Sends one that must succeed. Returns `data`. */
  async must(
    tenant: { token: string } | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer["body"]> {
    const answer = await this.ask(tenant, method, path, body, headers);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body.data;
  }

  /** Makes an application with a token, one subject and its tag. */
  async tenant(
    changes: { name?: string; webhookUrl?: string; encrypted?: boolean; tag?: string } = {},
  ): Promise<Tenant> {
    counter += 1;
    const handle = `app${counter}-${crypto.randomUUID().slice(0, 8)}`;
    const registered = await this.must(undefined, "POST", "/applications", {
      name: changes.name ?? `App ${counter}`,
      appHandle: handle,
      ...(changes.webhookUrl === undefined ? {} : { transactionWebhookUrl: changes.webhookUrl }),
      ...(changes.encrypted === undefined ? {} : { encryptionEnabled: changes.encrypted }),
    });
    const { clientId: id, name, clientSecret, webhookSecret } = registered;
    const token = await this.token({ id, clientSecret });
    const subjectId = (await this.must({ token }, "POST", "/subjects", { externalId: `user-${counter}` })).id;
    const tag = await this.must({ token }, "POST", "/tags", {
      subjectId,
      tagString: changes.tag ?? `alice-${counter}`,
    });
    return { id, name, handle, clientSecret, webhookSecret, token, subjectId, tag: tag.qualifiedTag };
  }

  /** Requests a new token. */
  async token({ id, clientSecret }: { id: string; clientSecret: string }): Promise<string> {
    return (await this.must(undefined, "POST", "/auth/token", { client_id: id, client_secret: clientSecret })).token;
  }

  /** Adds another subject with a tag. Returns its address. */
  async anotherTag(tenant: Tenant, tagString: string): Promise<string> {
    const subject = { externalId: `${tagString}-${crypto.randomUUID().slice(0, 8)}` };
    const { id: subjectId } = await this.must(tenant, "POST", "/subjects", subject);
    return (await this.must(tenant, "POST", "/tags", { subjectId, tagString })).qualifiedTag;
  }

  /** Initiates a transfer. Returns any answer. */
  initiate(
    sender: { token: string; tag: string },
    receiver: { tag: string },
    terms: Terms = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const body = { senderTag: sender.tag, receiverTag: receiver.tag, amount: 1500, ...terms };
    return this.ask(sender, "POST", "/transactions", body, headers);
  }

  /** Initiates one that must succeed. Returns the transaction. */
  async initiated(sender: Tenant, receiver: Tenant, terms: Terms = {}): Promise<Answer["body"]> {
    const answer = await this.initiate(sender, receiver, terms);
    if (answer.status !== 201) throw new Error(`initiate: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.data;
  }

  accept(
    receiver: Tenant,
    { reference }: { reference: string },
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.ask(receiver, "POST", `/transactions/${reference}/accept`, undefined, headers);
  }

  reject(receiver: Tenant, { reference }: { reference: string }, reason?: string): Promise<Answer> {
    return this.ask(receiver, "POST", `/transactions/${reference}/reject`, reason === undefined ? {} : { reason });
  }

  /** Takes a transfer back. */
  cancel(sender: Tenant, { reference }: { reference: string }, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(sender, "POST", `/transactions/${reference}/cancel`, undefined, headers);
  }

  /** Makes a completed transfer. */
  async paid(sender: Tenant, receiver: Tenant, terms: Terms = {}): Promise<Answer["body"]> {
    const transfer = await this.initiated(sender, receiver, terms);
    const answer = await this.accept(receiver, transfer);
    if (answer.status !== 200) throw new Error(`accept: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.data;
  }

  /** Changes an application as the operator. */
  admit(
    { id }: { id: string },
    changes: { active?: boolean; admin?: boolean; debitLimit?: number | null },
  ): Promise<Answer> {
    return this.journey.operator("PATCH", `/applications/${id}`, changes);
  }
}
