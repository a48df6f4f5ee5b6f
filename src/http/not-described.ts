/**
 * Replaces described.ts in the bundle (wrangler.toml, `alias`): descriptions are made at build time, and the Worker
 * does not use them. The bundler sees empty functions, and drops their arguments.
 */
export function described(): void {}

export function documented(): void {}
