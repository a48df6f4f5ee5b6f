/** Replaces constraints.ts in the bundle (wrangler.toml, `alias`): the bundler drops the arguments of an empty function. */
export function constraints(): void {}
