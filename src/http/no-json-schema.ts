/**
 * Stands in the bundle for zod's generator of JSON Schema (wrangler.toml, `alias`), which every schema refers to and
 * nothing calls: what describes the API is made before (src/documents.ts).
 */
function refuse(): never {
  throw new Error("The Worker makes no JSON Schema: src/documents.ts does, when it is built");
}

/** Each schema asks for a generator of its own when it is made. */
export const createToJSONSchemaMethod = () => refuse;
export const createStandardJSONSchemaMethod = () => refuse;

// The other names that zod's modules take from one another.
export {
  refuse as allProcessors,
  refuse as extractDefs,
  refuse as finalize,
  refuse as initializeContext,
  refuse as processSchema,
  refuse as toJSONSchema,
};
