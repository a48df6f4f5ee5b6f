import type { PrivateJwk } from "../crypto/jwe";
import type { TokenKey } from "../crypto/jwt";
import type { SealingKey } from "../crypto/seal";
import type { PerformDeps } from "../operations/operations";
import type { Shields } from "./shields";

/** The context of a request in the HTTP layer. It is built once, before any route. */
export interface Edge {
  deps: PerformDeps;
  requestId: string;
  /** The client's address. */
  address: string;
  settings: EdgeSettings;
  shields: Shields;
  /** Exact counters, which take a use, or only say how many are left. */
  quotas: {
    /** Transfers that an application initiates. */
    initiate: (applicationId: string, uses: 0 | 1) => Promise<Quota>;
    /** Applications that an address registers; undefined if they are not counted. */
    register: (uses: 0 | 1) => Promise<Quota | undefined>;
  };
  /** Reads a document that was made with the Worker, by its path. */
  document: (path: string) => Promise<unknown>;
  /** Fetches a page that was made with the Worker, by its path. */
  page: (path: string) => Promise<Response>;
  /** The path as the route declares it, for the log; undefined while no route was found. */
  pattern?: string;
  /** Whether the path belongs to a contract that browsers of allowed origins may call. */
  crossOrigin?: boolean;
}

/** The state of a quota after this use: so many uses in a window, and so many left. */
export interface Quota {
  allowed: boolean;
  most: number;
  windowSeconds: number;
  left: number;
  /** The time after which the oldest use expires, and another is possible. */
  resetSeconds: number;
}

/** Settings of the HTTP layer. */
export interface EdgeSettings {
  /** With `reads`, a token opens what can be read, and nothing else. */
  adminTokens: readonly { name: string; token: string; reads: boolean }[];
  corsOrigins: readonly string[];
  passwordParallelism: number;
  sealingKeys: readonly SealingKey[];
  loopbackAllowed: boolean;
  turnstileSecret: string | undefined;
  /** Stripe's key for browsers. It is no secret, and is shown to developers. */
  publishableKey: string | undefined;
  tokenKeys: readonly TokenKey[];
  tokenLifetimeSeconds: number;
  encryptionKeys: readonly PrivateJwk[];
  /** Whether a new application is active at once, without an operator (src/guides/decisions.md#debit-limit). */
  admitsAtOnce: boolean;
  /** Tells an operator how the deployment is set up. */
  setUp: () => SetUp;
}

/** How a deployment is set up, without the values of settings. */
export interface SetUp {
  mode: "sandbox" | "test" | "live";
  settings: { name: string; isSet: boolean }[];
  policies: Record<string, number | string | null>;
}

/** The form in which Hono stores the context. */
export interface HttpEnv {
  Variables: { edge: Edge };
}
