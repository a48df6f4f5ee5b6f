/**
 * Stands in the bundle for what Accord never uses of libphonenumber (wrangler.toml, `alias`): it prints no numbers but
 * in E.164, and asks whether one is valid, not whether it might be.
 */
class Unused {}

export { Unused as default, Unused as isPossibleNumber };
