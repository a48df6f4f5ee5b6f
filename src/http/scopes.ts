import * as z from "zod";
import { type Scope, scopes } from "../domain/scope";
import { forDescription } from "./described";
import type { Contract } from "./route";

/** The area that a route belongs to; `any` if every token of its contract opens it. */
export type Area = Exclude<Scope, "read"> | "any";

/** The scopes of a caller who does not hold all. `toChange` names the one that would open every change. */
export interface Held {
  scopes: readonly Scope[];
  toChange?: "write";
}

/** The body's member that chooses the scopes of a new token. Each counts once. */
export const scopesField = z
  .array(z.enum(scopes))
  .min(1)
  .max(16)
  .transform((chosen) => scopes.filter((scope) => chosen.includes(scope)))
  .meta({ description: "What the token may do. `read` opens what can be read, the others an area." });

/** The same in an answer. */
export const scopesObject = forDescription(() => z.array(z.enum(scopes)).readonly());

/** Returns the scope that a caller lacks for a route. What no area opens is closed to whoever does not hold all. */
export function missingScope({ method, scope }: Pick<Contract, "method" | "scope">, held: Held | undefined) {
  if (!held || scope === "any" || held.scopes.some((one) => one === scope)) return undefined;
  if (method === "get") return held.scopes.includes("read") ? undefined : "read";
  return held.toChange ?? scope ?? "write";
}
