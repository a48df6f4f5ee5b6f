import { runBundled } from "./run-bundled.ts";

/** Makes the documents of src/documents.ts, by path. Throws if they cannot be made. */
export async function makeDocuments(): Promise<Record<string, unknown>> {
  return JSON.parse(
    await runBundled('import { documents } from "./src/documents"; process.stdout.write(JSON.stringify(documents));'),
  );
}
