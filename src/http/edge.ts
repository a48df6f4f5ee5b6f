import type { PrivateJwk } from "../crypto/jwe";
import type { TokenKey } from "../crypto/jwt";
import type { SealingKey } from "../crypto/seal";
import type { Owner, Stored } from "../domain/quota";
import type { PerformDeps } from "../operations/operations";
import type { SecurityEvent, Who } from "./security-event";
import type { Shields } from "./shields";

/** The context of a request in the HTTP layer. It is built once, before any route. */
export interface Edge {
  deps: PerformDeps;
  /** The id that answers show; the one in `deps` is that of the log and the journal. */
  requestId: string;
  /** The client's address. */
  address: string;
  /** A name for the client's network, for the log. */
  network: string;
  /** The caller, once it is known. */
  caller?: Who | undefined;
  /** The kind of security event that the request is, if it is one. */
  securityEvent?: SecurityEvent | undefined;
  /** The id of whom or what that is about, if it is not the caller. */
  about?: string | undefined;
  settings: EdgeSettings;
  shields: Shields;
  /** Exact counters, which take a use, or only say how many are left. */
  quotas: {
    /** Transfers that an application initiates. */
    initiate: (applicationId: string, uses: 0 | 1) => Promise<Quota>;
    /** Applications that an address registers; undefined if they are not counted. */
    register: (uses: 0 | 1) => Promise<Quota | undefined>;
    /** Rows and bytes that an owner stores in a day; undefined if it is not counted, or the count does not answer. */
    day: (owner: Owner, price: Stored & { reserve: boolean }) => Promise<Day | undefined>;
  };
  attempts: {
    /** Counts an attempt at a password; returns the seconds to wait if it may not be made now, else 0. */
    begin: (kind: "login" | "current-password", account: string) => Promise<number>;
    /** Ends the row of wrong attempts, after a right one or a reset. */
    succeed: (kind: "login" | "current-password", account: string) => Promise<void>;
  };
  passwords: {
    /** Hashes a password at the cost that the environment sets. */
    hash: (password: string) => Promise<string>;
    /** Tells whether a password matches a hash; without one it takes as long, so that the time tells nothing. */
    verify: (password: string, hash: string | undefined) => Promise<boolean>;
  };
  /** Reads a document that was made with the Worker, by its path. */
  document: (path: string) => Promise<unknown>;
  /** Fetches a page that was made with the Worker, by its path. */
  page: (path: string) => Promise<Response>;
  /** The path as the route declares it, for the log; undefined while no route was found. */
  pattern?: string;
  /** The state of the owner's day after this request; undefined if it was not counted. */
  day?: Day;
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

/** The rows and bytes that an owner may store in a day, whether there was room for this request, and what is left. */
export interface Day {
  allowed: boolean;
  most: Stored;
  left: Stored;
  resetSeconds: number;
  /** Takes back what this request was counted, because it was a repeat and stored nothing. */
  giveBack?: () => Promise<void>;
}

/** Settings of the HTTP layer. */
export interface EdgeSettings {
  /** With `reads`, a token opens what can be read, and nothing else. */
  adminTokens: readonly { name: string; token: string; reads: boolean }[];
  corsOrigins: readonly string[];
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
  /** Where vulnerabilities are reported. */
  securityContact: string | undefined;
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
