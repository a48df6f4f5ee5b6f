/**
 * Replaces in the bundle what zod needs for values that contain themselves (wrangler.toml, `alias`): an input is JSON, a
 * query or a form, and no such value. zod's own "mini" runs without it, too.
 */
export function memoizer(): void {}

export function isBackEdge(): boolean {
  return false;
}

export function isRecursiveSchema(): boolean {
  return false;
}
