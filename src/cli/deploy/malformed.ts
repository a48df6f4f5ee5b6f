import { runBundled } from "../run-bundled.ts";

/**
 * Lists what the Worker itself would refuse in these settings, one sentence each: it answers 503 to everybody while one
 * is malformed, so they are checked before they are uploaded. The values reach the other process through its input
 * only.
 */
export async function malformedSettings(values: Record<string, string>): Promise<string[]> {
  const asked = `import { malformedSettings } from "./src/env"; const values = ${JSON.stringify(values)};`;
  return JSON.parse(await runBundled(`${asked} process.stdout.write(JSON.stringify(malformedSettings(values)));`));
}
