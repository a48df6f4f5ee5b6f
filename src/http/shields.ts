import { sha256Hex } from "../crypto/hash";
import { networkOf } from "./network-of";

/** The approximate limits, which Cloudflare counts at each location. */
export interface Limits {
  /** 600 a minute. */
  SHIELD: RateLimit;
  /** 20 a minute. */
  SECRETS: RateLimit;
  TOKEN_REQUESTS: RateLimit;
  APPLICATION_REQUESTS: RateLimit;
}

/** The kinds of credentials, which are counted apart: guesses of one kind use up nothing of another's share. */
export type Credential = "user" | "developer" | "operator" | "application";

/** The kinds of what tries a secret, tells who has an account, or reads all of it, counted apart as well. */
export type Entry =
  | "register"
  | "login"
  | "current-password"
  | "reset"
  | "reset-mail"
  | "verify"
  | "verify-mail"
  | "export";

/**
 * Rate limits of one request. Each counts it, by its origin or by the account concerned, and says whether it may pass.
 */
export interface Shields {
  general: () => Promise<boolean>;
  /** Limits callers with a wrong credential of a kind. */
  guesses: (kind: Credential) => Promise<boolean>;
  /**
   * Limits what tries a secret of a kind or tells who has an account, by origin, and by the account or the link that is
   * named. Attempts at a password are counted by account exactly instead (src/counters.ts).
   */
  entries: (kind: Entry, named: string) => Promise<boolean>;
  /** Limits requests for tokens, by client or by origin. */
  tokens: (clientId?: string) => Promise<boolean>;
  application: (id: string) => Promise<boolean>;
}

/**
 * The address from which all Workers call other zones (Cloudflare, HTTP headers: CF-Connecting-IP). `CF-Worker`, which
 * Cloudflare sets, names the zone that the Worker belongs to.
 */
const workersNetwork = networkOf("2a06:98c0:3600::103");

/** The origin by which a request is counted. */
export interface Origin {
  name: string;
  /** Whether it is a Worker, which may be the front end of many people. */
  isWorker: boolean;
  /** The hashed credential of the request; empty if it has none. */
  credential: string;
}

/** Reads the origin of a request from its headers. */
export function originOf(headers: Headers): Origin {
  const network = networkOf(headers.get("CF-Connecting-IP") ?? "unknown");
  const isWorker = network === workersNetwork;
  const presented = headers.get("Authorization") ?? headers.get("X-Developer-Token") ?? "";
  return {
    name: isWorker ? `worker:${headers.get("CF-Worker") ?? "unknown"}` : network,
    isWorker,
    credential: presented && sha256Hex(presented),
  };
}

/**
 * Makes the rate limits of one request. One front end on Workers never uses up another's share. Its users are told
 * apart by their credentials; where a credential proves nothing yet, the whole front end has the wide limit.
 */
export function shieldsOf(limits: Limits, { name, isWorker, credential }: Origin): Shields {
  const around = isWorker ? name : `network:${surroundingsOf(name)}`;
  /**
   * Two limits count, the narrow one for the caller and the wide one for what is around: the network, whose owner has
   * many addresses, or the front end, whose callers can present another credential each time.
   */
  const narrow = async (kind: string, whose: string) =>
    (await passes(limits.SHIELD, `${kind}:${around}`)) &&
    passes(limits.SECRETS, `${kind}:${name}${isWorker ? `:${whose}` : ""}`);
  return {
    general: () => passes(limits.SHIELD, isWorker ? `${name}:${credential}` : name),
    guesses: (kind) => narrow(kind, credential),
    async entries(kind, named) {
      const hashed = sha256Hex(named);
      const isExact = kind === "login" || kind === "current-password";
      return (await narrow(kind, hashed)) && (isExact || passes(limits.SECRETS, `${kind}:named:${hashed}`));
    },
    tokens: async (clientId) =>
      clientId === undefined
        ? (await passes(limits.SHIELD, `tokens:${around}`)) && passes(limits.TOKEN_REQUESTS, `address:${name}`)
        : passes(limits.TOKEN_REQUESTS, `client:${clientId}`),
    application: (id) => passes(limits.APPLICATION_REQUESTS, id),
  };
}

/** Returns the 256 addresses around one of IPv4, or the network of 48 bits around one of IPv6. */
function surroundingsOf(network: string): string {
  const separator = network.includes(":") ? ":" : ".";
  return network.split(separator).slice(0, 3).join(separator);
}

async function passes(limit: RateLimit, key: string): Promise<boolean> {
  const { success } = await limit.limit({ key });
  return success;
}
