/**
 * Stands in the bundle for described.ts (wrangler.toml, `alias`): a description is made when the Worker is built, and
 * nothing that serves looks at it. The bundler sees a function without a body, and drops what it would have been given.
 */
export function described(): void {}
