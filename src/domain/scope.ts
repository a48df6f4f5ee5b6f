/**
 * The scopes of a developer's token: `read` opens whatever can be read, and each other one opens an area, to read and
 * to change (src/guides/security.md#scopes).
 */
export const scopes = ["read", "payments", "accounts", "webhooks"] as const;

export type Scope = (typeof scopes)[number];

/** The area that an operation belongs to; `any` if every token of its contract opens it. */
export type Area = Exclude<Scope, "read"> | "any";

/** The scopes of a caller who does not hold all. `toChange` names the one that would open every change. */
export interface Held {
  scopes: readonly Scope[];
  toChange?: "write";
}

/** Returns the scope that a caller lacks for an operation. What no area opens is closed to whoever does not hold all. */
export function missingScope({ method, scope }: { method: string; scope?: Area }, held: Held | undefined) {
  if (!held || scope === "any" || held.scopes.some((one) => one === scope)) return undefined;
  if (method === "get") return held.scopes.includes("read") ? undefined : "read";
  return held.toChange ?? scope ?? "write";
}

/** Returns the first scope that is wanted and not held. */
export function scopeBeyond(wanted: readonly Scope[], held: readonly Scope[]): Scope | undefined {
  return wanted.find((scope) => !held.includes(scope));
}
