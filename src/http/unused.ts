/**
 * Stands in the bundle for what Accord never uses of Hono (wrangler.toml, `alias`): applications mounted in others, and
 * its reading of forms, because body.ts reads them.
 */
class Unused {}

export { Unused as createMountedRequest, Unused as parseBody };
