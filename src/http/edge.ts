import type { SealingKey } from "../crypto/seal";
import type { Deps } from "../operations/deps";

/** What a request carries through the HTTP layer. Built once at the root, before any route. */
export interface Edge {
  deps: Deps;
  requestId: string;
  /** The client's address: what the shields count by. */
  address: string;
  settings: EdgeSettings;
  /** Count one request, and say whether it may pass (decisions X9). */
  shields: { general: () => Promise<boolean>; secrets: () => Promise<boolean> };
  /** Reads a document that was made with the Worker, by its path. */
  document: (path: string) => Promise<unknown>;
  /** Path as the route declares it, for the log; undefined while no route was found. */
  pattern?: string;
  /** Whether the path belongs to a dialect that browsers of allowed origins may call. */
  crossOrigin?: boolean;
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
}

/** How Hono carries it. */
export interface HttpEnv {
  Variables: { edge: Edge };
}
