import type { PrivateJwk } from "../crypto/jwe";
import type { TokenKey } from "../crypto/jwt";
import type { SealingKey } from "../crypto/seal";
import type { Deps } from "../operations/deps";
import type { Shields } from "./shields";

/** What a request carries through the HTTP layer. Built once at the root, before any route. */
export interface Edge {
  deps: Deps;
  requestId: string;
  /** The client's address. */
  address: string;
  settings: EdgeSettings;
  shields: Shields;
  /** Count exactly, and say how many are left. */
  quotas: {
    /** Transfers that an application initiates. */
    initiate: (applicationId: string) => Promise<Quota>;
    /** Applications that an address registers; undefined where they are not counted. */
    register: () => Promise<Quota | undefined>;
  };
  /** Reads a document that was made with the Worker, by its path. */
  document: (path: string) => Promise<unknown>;
  /** Path as the route declares it, for the log; undefined while no route was found. */
  pattern?: string;
  /** Whether the path belongs to a dialect that browsers of allowed origins may call. */
  crossOrigin?: boolean;
}

/** Where a quota stands, now that one more use was asked for: so many in a window, and so many left of them. */
export interface Quota {
  allowed: boolean;
  most: number;
  windowSeconds: number;
  left: number;
  /** When the oldest use is forgotten, and there is room for another. */
  resetSeconds: number;
}

/** Settings that only the edge knows. */
export interface EdgeSettings {
  adminTokens: readonly { name: string; token: string }[];
  corsOrigins: readonly string[];
  passwordParallelism: number;
  sealingKeys: readonly SealingKey[];
  loopbackAllowed: boolean;
  turnstileSecret: string | undefined;
  /** Stripe's key for browsers: no secret, and shown to developers. */
  publishableKey: string | undefined;
  tokenKeys: readonly TokenKey[];
  tokenLifetimeSeconds: number;
  encryptionKeys: readonly PrivateJwk[];
  /** Whether an application may begin at once, without an operator (src/guides/decisions.md#debit-limit). */
  admitsAtOnce: boolean;
}

/** How Hono carries it. */
export interface HttpEnv {
  Variables: { edge: Edge };
}
