/**
 * Replaces in the bundle what only descriptions are made of (wrangler.toml, `alias`): they are made at build time, and
 * the Worker does not use them. The bundler sees empty functions, and drops their arguments.
 */
export function described(): void {}

export function documented(): void {}

export function forDescription(): void {}

/** notification-object.ts, which needs the whole catalogue of events. */
export function notificationObject(): void {}
