import type { Environment } from "./env";

/** Returns the option that creates objects near the database. */
export function near({ LOCATION_HINT }: Environment): DurableObjectNamespaceGetDurableObjectOptions {
  return LOCATION_HINT === undefined ? {} : { locationHint: LOCATION_HINT };
}
