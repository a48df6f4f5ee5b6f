import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, expect, it } from "vitest";
import { bundleWorker } from "../src/cli/bundle-worker";
import { readWorkerFile } from "../src/cli/wrangler-file";

let runtime: Miniflare | undefined;
afterAll(() => runtime?.dispose());

/** Has zod count its schemas, before the Worker is evaluated. */
const counting = `globalThis.schemas = 0;
globalThis.__zod_globalConfig = { postProcessor: () => { schemas += 1 } };`;

/** Answers how many were made until the first request, and how many by it. It is refused, because no setting is there. */
const asking = `import "./counting.js";
import worker from "./worker.js";
export default {
  async fetch(request, env, ctx) {
    const byStart = schemas;
    await worker.fetch(request, {}, ctx);
    return Response.json({ byStart, byRequest: schemas - byStart });
  },
};`;

it("starts an isolate without a single schema, and makes those of the settings at its first request", async () => {
  const { compatibility_date: compatibilityDate } = readWorkerFile();
  const { code } = await bundleWorker("src/index.ts");
  const contents = { "asking.js": asking, "counting.js": counting, "worker.js": code };
  const modules = Object.entries(contents).map(([path, text]) => ({ type: "ESModule" as const, path, contents: text }));
  runtime = new Miniflare(convertV4MiniflareOptions({ modules, compatibilityDate }));
  const answer = await runtime.dispatchFetch("http://localhost/api/v1/status");
  const { byStart, byRequest } = (await answer.json()) as Record<string, number>;
  expect(byRequest).toBeGreaterThan(50);
  expect(byStart).toBe(0);
});
