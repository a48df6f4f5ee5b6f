import type { Dialect } from "./dialect";
import type { Edge, Quota } from "./edge";
import type { CountedQuota, Reply } from "./route";

/** The quota of one request: takes uses of it, and shows its state. */
export class Counted {
  readonly #count: (uses: 0 | 1) => Promise<Quota | undefined>;
  readonly #name: string;
  #quota: Quota | undefined;

  constructor({ name, count }: CountedQuota, edge: Edge, caller: unknown) {
    this.#name = name;
    this.#count = (uses) => count(edge, caller, uses);
  }

  /** Takes one use. Returns the contract's answer if none was left. */
  async take({ requestErrors }: Dialect): Promise<Reply | undefined> {
    this.#quota = await this.#count(1);
    if (this.#quota?.allowed !== false) return undefined;
    const { code = "rate_limited", ...answer } = requestErrors.rate_limited;
    return { answer: { ...answer, code, headers: { "Retry-After": String(this.#quota.resetSeconds) } } };
  }

  /** Shows the quota's state as structured fields (httpapi-ratelimit-headers, draft 10). */
  async show(headers: Headers): Promise<void> {
    const quota = this.#quota ?? (await this.#count(0).catch(() => undefined));
    if (!quota) return;
    headers.set("RateLimit-Policy", `"${this.#name}";q=${quota.most};w=${quota.windowSeconds}`);
    headers.set("RateLimit", `"${this.#name}";r=${quota.left};t=${quota.resetSeconds}`);
  }
}
