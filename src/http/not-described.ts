/**
 * Replaces described.ts in the bundle (wrangler.toml, `alias`): descriptions are made at build time, and the Worker
 * does not use them. The bundler sees an empty function, and drops its arguments.
 */
export function described(): void {}
