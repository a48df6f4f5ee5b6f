import type { Parameters } from "../core/parameters";
import type { World } from "../core/world";

/**
 * One request to Stripe's API, parsed. `account` owns the objects concerned: a connected account's id, or the platform.
 */
export interface Call {
  world: World;
  account: string;
  parameters: Parameters;
  /** The path's segments for the stars of the route. */
  ids: readonly string[];
}

/**
 * Handles a request. Returns the object that Stripe answers with, or a refusal that keeps what was written; throws
 * every other refusal.
 */
export type Handler = (call: Call) => object;

/** Returns the first id of the path. */
export function pathId(call: Call): string {
  return call.ids[0] ?? "";
}
