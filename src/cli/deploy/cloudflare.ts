/** An answer of Cloudflare's API that is not a success, or none at all. */
export class CloudflareError extends Error {
  override name = "CloudflareError";
  /** The answer's HTTP status; 0 if there was no answer. */
  readonly status: number;
  /** Cloudflare's own codes for what went wrong. */
  readonly codes: readonly number[];
  constructor(message: string, status: number, codes: readonly number[]) {
    super(message);
    this.status = status;
    this.codes = codes;
  }
}

/** One account at Cloudflare's API v4, for the requests that a deployment makes itself. */
export interface Cloudflare {
  accountId: string;
  /**
   * Sends a GET, or a POST if there is a body. `path` is what follows the account in the address. Returns the answer's
   * `result`. Throws CloudflareError.
   */
  ask<Result>(path: string, body?: object): Promise<Result>;
}

/** Cloudflare's codes for a thing that does not exist. After any other failure, it may exist. */
export const notThere = { worker: [10007, 10090], subdomain: [10007], database: [7404] } as const;

/**
 * Error 7502 of D1 and 11009 of Queues: the name is taken, by us a moment ago or by an earlier attempt that succeeded.
 */
const alreadyThere = [7502, 11009];

/** Makes requests to the account with `headers` as credentials, at the address that wrangler uses. */
export function cloudflareAccount(accountId: string, headers: Record<string, string>): Cloudflare {
  const base = process.env.CLOUDFLARE_API_BASE_URL ?? "https://api.cloudflare.com/client/v4";
  return {
    accountId,
    async ask<Result>(path: string, body?: object): Promise<Result> {
      const what = `${body === undefined ? "GET" : "POST"} /accounts/${accountId}${path}`;
      const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      const response = await fetch(`${base}/accounts/${accountId}${path}`, {
        headers: { ...headers, "content-type": "application/json" },
        signal: AbortSignal.timeout(60_000),
        ...init,
      }).catch((error: Error) => {
        throw new CloudflareError(`${what} was not answered: ${error.cause ?? error.message}`, 0, []);
      });
      const answer = (await response.json().catch(() => ({}))) as Envelope<Result>;
      if (response.ok && answer.success) return answer.result;
      const errors = answer.errors ?? [];
      const said = errors.map(({ code, message }) => `${message} [code ${code}]`).join("; ");
      throw new CloudflareError(
        `${what} was answered ${response.status}: ${said || "nothing that says why"}`,
        response.status,
        errors.map(({ code }) => code),
      );
    },
  };
}

/** The body of every answer of Cloudflare's. */
interface Envelope<Result> {
  success?: boolean;
  result: Result;
  errors?: { code: number; message: string }[];
}

/**
 * Returns the answer, or undefined if Cloudflare says with one of `codes` that the thing does not exist. Throws
 * otherwise.
 */
export async function unlessMissing<Result>(
  asked: Promise<Result>,
  codes: readonly number[],
): Promise<Result | undefined> {
  return asked.catch((error: unknown) => {
    if (error instanceof CloudflareError && error.codes.some((code) => codes.includes(code))) return undefined;
    throw error;
  });
}

/**
 * Makes a thing by a POST to `path`. Returns false if Cloudflare says that its name is taken: then it exists already.
 */
export async function create(cloudflare: Cloudflare, path: string, body: object): Promise<boolean> {
  return (
    (await unlessMissing(
      cloudflare.ask(path, body).then(() => true),
      alreadyThere,
    )) ?? false
  );
}
