import { sha256Hex } from "../crypto/hash";
import { networkOf } from "./network-of";

/** The approximate limits, counted by Cloudflare at each location. */
export interface Limits {
  /** 600 a minute. */
  SHIELD: RateLimit;
  /** 20 a minute. */
  SECRETS: RateLimit;
  TOKEN_REQUESTS: RateLimit;
  APPLICATION_REQUESTS: RateLimit;
}

/** Count one request, and say whether it may pass: by where it comes from, or by whom it is for. */
export interface Shields {
  general: () => Promise<boolean>;
  /** Who presents a credential that is none. */
  guesses: () => Promise<boolean>;
  /** Who logs in, by the name of the account as well; or who registers, and has none yet. */
  entries: (account?: string) => Promise<boolean>;
  /** Who asks for a token: a client, or where it comes from. */
  tokens: (clientId?: string) => Promise<boolean>;
  application: (id: string) => Promise<boolean>;
}

/**
 * Every Worker of everybody calls other zones from this one address (Cloudflare, HTTP headers: CF-Connecting-IP). What it
 * calls for is told by `CF-Worker`, the zone that the Worker belongs to, which Cloudflare sets.
 */
const workersNetwork = networkOf("2a06:98c0:3600::103");

/** Where a request comes from, as it is counted. */
export interface Origin {
  name: string;
  /** A Worker, behind which there may be many people: a whole front end. */
  isWorker: boolean;
  /** What it presents to be known by, hashed; empty where that is nothing. */
  credential: string;
}

/** Reads who sent a request from its headers. */
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
 * The shields of one request. One front end on Workers never uses up another's share. Those behind it are told apart by what
 * they present; where that is worth nothing yet, the whole front end has the wide limit.
 */
export function shieldsOf(limits: Limits, { name, isWorker, credential }: Origin): Shields {
  /** Narrow for the one who asks, wide for the whole of a front end: what is presented may be another one each time. */
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
