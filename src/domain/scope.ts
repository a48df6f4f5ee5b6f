/**
 * The scopes of a developer's token: `read` opens whatever can be read, and each other one opens an area, to read and
 * to change (src/guides/take-a-payment.md).
 */
export const scopes = ["read", "payments", "accounts", "webhooks"] as const;

export type Scope = (typeof scopes)[number];

/** Returns the first scope that is wanted and not held. */
export function scopeBeyond(wanted: readonly Scope[], held: readonly Scope[]): Scope | undefined {
  return wanted.find((scope) => !held.includes(scope));
}
