import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type Answer, failure, success } from "./answers.ts";
import { D1, type Triggers } from "./d1.ts";

interface Queue {
  queue_id: string;
  queue_name: string;
  producers: { type: string; script: string }[];
  consumers: { type: string; script: string; consumer_id: string; settings?: object }[];
}

export interface Binding {
  type: string;
  name: string;
  text?: string;
  class_name?: string;
}

/** The state of the account in a scenario, and which requests fail. */
export interface Given {
  accounts?: { id: string; name: string }[];
  subdomain?: string | undefined;
  /** Requests whose path matches get this answer, and do nothing. */
  fails?: { method: string; path: RegExp; answer: Answer };
  /** How `POST …/query` treats statements that make triggers. */
  triggers?: Triggers;
}

export const account = { id: "a".repeat(32), name: "One" };

/**
 * Stands for Cloudflare's API v4 as far as a deployment uses it, for wrangler and for us alike: with the paths, codes
 * and fields that wrangler 4.164 reads.
 */
export class CloudflareStandIn {
  readonly databases: D1[] = [];
  readonly queues: Queue[] = [];
  /** The bindings of the last upload of each Worker, secrets with their text included. */
  readonly workers = new Map<string, Binding[]>();
  readonly metadata = new Map<string, Record<string, unknown>>();
  readonly crons: string[] = [];
  /** Every request that changes something. */
  readonly changes: string[] = [];
  /** Requests that the stand-in does not know: it lacks them. */
  readonly unknown: string[] = [];
  readonly given: Given;
  origin = "";
  readonly #server = createServer((request, response) => {
    void this.#answer(request).then(({ status, body, etag }) => {
      response.writeHead(status, { "content-type": "application/json", ...(etag && { etag }) });
      response.end(JSON.stringify(body));
    });
  });

  constructor(given: Given = {}) {
    this.given = given;
  }

  async listen(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    this.origin = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  addQueue(name: string, consumer?: string): Queue {
    const consumers = consumer ? [{ type: "worker", script: consumer, consumer_id: "c0" }] : [];
    const queue = { queue_id: `q${this.queues.length}`, queue_name: name, producers: [], consumers };
    this.queues.push(queue);
    return queue;
  }

  addDatabase(name: string, made: Record<string, unknown> = {}): D1 {
    const database = new D1(name, made);
    this.databases.push(database);
    return database;
  }

  async #answer(request: IncomingMessage): Promise<Answer & { etag?: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks);
    const { method = "" } = request;
    const url = new URL(request.url ?? "", this.origin);
    const upload = /^\/uploads\/([^/]+)\/(.+)$/.exec(url.pathname);
    if (upload) {
      const database = this.databases.find(({ uuid }) => uuid === upload[1]);
      return { status: 200, body: {}, etag: `"${database?.upload(upload[2] ?? "", raw.toString()) ?? ""}"` };
    }
    const path = url.pathname.replace(`/accounts/${account.id}`, "");
    const { fails } = this.given;
    if (fails?.method === method && fails.path.test(path)) return fails.answer;
    if (method !== "GET" && !/\/query$/.test(path)) this.changes.push(`${method} ${path}`);
    const answer =
      this.#ofUser(method, path) ??
      this.#ofQueues(method, path, url.searchParams, raw) ??
      this.#ofDatabases(method, path, raw) ??
      (await this.#ofWorkers(method, path, raw, request.headers["content-type"]));
    if (answer) return answer;
    this.unknown.push(`${method} ${url.pathname}`);
    return failure(404, 7003, `No route for ${method} ${path}`);
  }

  #ofUser(method: string, path: string): Answer | undefined {
    const accounts = this.given.accounts ?? [account];
    if (method !== "GET") return undefined;
    if (path === "/user/tokens/verify") return success({ status: "active" });
    if (path === "/user") return success({ email: "owner@example.com" });
    if (path === "/accounts") return success(accounts);
    if (path === "/memberships") return success(accounts.map((one) => ({ account: one })));
    return undefined;
  }

  #ofQueues(method: string, path: string, query: URLSearchParams, raw: Buffer): Answer | undefined {
    const [, id, consumer] = /^\/queues(?:\/(\w+)\/consumers)?(?:\/(\w+))?$/.exec(path) ?? [];
    if (!path.startsWith("/queues")) return undefined;
    if (id === undefined && method === "GET") {
      const names = query.getAll("name");
      return success(this.queues.filter(({ queue_name }) => names.length === 0 || names.includes(queue_name)));
    }
    const body = JSON.parse(raw.toString() || "{}");
    if (id === undefined) {
      if (this.queues.some(({ queue_name }) => queue_name === body.queue_name)) {
        return failure(409, 11009, "Queue name is already taken");
      }
      return success(this.addQueue(body.queue_name));
    }
    const queue = this.queues.find(({ queue_id }) => queue_id === id);
    if (method === "GET") return success(queue?.consumers);
    if (consumer === undefined) {
      const made = { type: "worker", script: body.script_name, consumer_id: `c${id}`, settings: body.settings };
      queue?.consumers.push(made);
    }
    return success({});
  }

  #ofDatabases(method: string, path: string, raw: Buffer): Answer | undefined {
    const [matches, key, action] = /^\/d1\/database(?:\/([^/]+))?(?:\/(\w+(?:\/bookmark)?))?$/.exec(path) ?? [];
    if (matches === undefined) return undefined;
    const body = JSON.parse(raw.toString() || "{}");
    const found = this.databases.find(({ uuid, name }) => uuid === key || name === (key ?? body.name));
    if (key === undefined && method === "POST") {
      if (found) return failure(400, 7502, `Database with name ${body.name} already exists`);
      return success(this.addDatabase(body.name, body).info());
    }
    if (!found) return failure(404, 7404, "The database could not be found");
    if (action === "query") return found.query(body.sql, this.given.triggers);
    if (action === "import") return found.import(body, this.origin);
    if (action === "time_travel/bookmark") return success({ bookmark: "00000001-00000002" });
    return success(found.info());
  }

  async #ofWorkers(method: string, path: string, raw: Buffer, type: string | undefined): Promise<Answer | undefined> {
    if (path === "/workers/subdomain") {
      if ("subdomain" in this.given && this.given.subdomain === undefined) {
        return failure(404, 10007, "workers.api.error.subdomain_not_found");
      }
      return success({ subdomain: this.given.subdomain ?? "one" });
    }
    const [, kind, name = "", rest = ""] = /^\/workers\/(scripts|services|workers)\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    if (kind === undefined) return undefined;
    const worker = this.workers.get(name);
    if (rest === "/assets-upload-session") return success({ jwt: "assets", buckets: [] });
    if (method === "PUT" && rest === "") return await this.#upload(name, raw, type);
    if (worker === undefined) return failure(404, 10007, "This Worker does not exist on your account.");
    if (method === "POST" && rest === "/versions") return await this.#upload(name, raw, type);
    return this.#ofWorker(name, kind, rest, raw);
  }

  #ofWorker(name: string, kind: string, rest: string, raw: Buffer): Answer | undefined {
    const bindings = this.workers.get(name) ?? [];
    const script = { id: name, tag: `tag-of-${name}`, tags: [], last_deployed_from: "wrangler", migration_tag: "v2" };
    if (kind === "services") return success({ id: name, default_environment: { environment: "production", script } });
    if (kind === "workers") return success({ id: name, name, subdomain: { enabled: true, previews_enabled: false } });
    if (rest === "/settings") return success({ bindings, migration_tag: "v2" });
    if (rest === "/secrets") return success(bindings.filter((one) => one.type === "secret_text"));
    if (rest === "/schedules") {
      this.crons.splice(0, Infinity, ...JSON.parse(raw.toString()).map(({ cron }: { cron: string }) => cron));
      return success({ schedules: [] });
    }
    if (rest === "/subdomain") return success({ enabled: true, previews_enabled: false });
    if (rest === "/deployments") return success({ deployments: [], id: "d" });
    if (rest === "/script-settings") return success({});
    return undefined;
  }

  async #upload(name: string, raw: Buffer, type = ""): Promise<Answer> {
    const form = await new Response(new Uint8Array(raw), { headers: { "content-type": type } }).formData();
    const metadata = JSON.parse(String(form.get("metadata"))) as Record<string, unknown> & { bindings: Binding[] };
    const kept = (this.workers.get(name) ?? []).filter(
      (one) => one.type === "secret_text" && !metadata.bindings.some((other) => other.name === one.name),
    );
    this.workers.set(name, [...metadata.bindings, ...kept]);
    this.metadata.set(name, metadata);
    const id = "11111111-1111-4111-8111-111111111111";
    return success({
      id,
      deployment_id: id.replaceAll("-", ""),
      startup_time_ms: 1,
      resources: { script: { etag: "e" } },
    });
  }
}
