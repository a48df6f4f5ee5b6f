import type { Parameters } from "../core/parameters";
import type { World } from "../core/world";

/** One request to Stripe's API, parsed. `account` owns what it touches: a connected account's id, or the platform. */
export interface Call {
  world: World;
  account: string;
  parameters: Parameters;
  /** What stood in the path for the stars of the route. */
  ids: readonly string[];
}

/** Returns the object that Stripe answers with, or a refusal that keeps what was written; throws every other refusal. */
export type Handler = (call: Call) => object;

/** The first id of the path. */
export function pathId(call: Call): string {
  return call.ids[0] ?? "";
}
