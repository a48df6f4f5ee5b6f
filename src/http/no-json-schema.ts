/**
 * Replaces zod's generator of JSON Schema in the bundle (wrangler.toml, `alias`). Every schema refers to the generator
 * and nothing calls it, because the API is described at build time (src/documents.ts).
 */
function refuse(): never {
  throw new Error("The Worker makes no JSON Schema: src/documents.ts does, when it is built");
}

/** Each schema asks for a generator of its own when it is made. */
export const createToJSONSchemaMethod = () => refuse;
export const createStandardJSONSchemaMethod = () => refuse;

// The other names that zod's modules import from it.
export {
  refuse as allProcessors,
  refuse as extractDefs,
  refuse as finalize,
  refuse as initializeContext,
  refuse as processSchema,
  refuse as toJSONSchema,
};
