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

/**
 * Rate limits of one request. Each counts it, by its origin or by the account concerned, and says whether it may pass.
 */
export interface Shields {
  general: () => Promise<boolean>;
  /** Limits callers with a wrong credential. */
  guesses: () => Promise<boolean>;
  /** Limits logins, by origin and by the account's name, and registrations, which have no account yet. */
  entries: (account?: string) => Promise<boolean>;
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
  /**
   * Behind a front end both limits count, the narrow one for the caller and the wide one for the front end, because a
   * caller can present another credential each time.
   */
  const narrow = async (whose: string) =>
    isWorker
      ? (await passes(limits.SHIELD, `${name}:secrets`)) && (await passes(limits.SECRETS, `${name}:${whose}`))
      : passes(limits.SECRETS, name);
  return {
    general: () => passes(limits.SHIELD, isWorker ? `${name}:${credential}` : name),
    guesses: () => narrow(credential),
    async entries(account) {
      if (account === undefined) return narrow("");
      const hashed = sha256Hex(account);
      return (await narrow(hashed)) && passes(limits.SECRETS, `account:${hashed}`);
    },
    tokens: (clientId) =>
      passes(limits.TOKEN_REQUESTS, clientId === undefined ? `address:${name}` : `client:${clientId}`),
    application: (id) => passes(limits.APPLICATION_REQUESTS, id),
  };
}

async function passes(limit: RateLimit, key: string): Promise<boolean> {
  const { success } = await limit.limit({ key });
  return success;
}
