import type { Environment } from "./env";

/** Reads one of the documents that were made with the Worker (src/documents.ts). Throws if it does not exist. */
export async function readDocument({ ASSETS }: Environment, path: string): Promise<unknown> {
  const found = await ASSETS.fetch(`https://assets${path}`);
  if (!found.ok) throw new Error(`${path} is not among the assets: ${found.status}`);
  return found.json();
}
