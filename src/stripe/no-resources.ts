/**
 * Stands in the bundle for the list of all resources in Stripe's SDK (wrangler.toml, `alias`): its client shows it whole, so
 * that a list with the names of unused.ts would stay.
 */
export class OAuthResource {}
