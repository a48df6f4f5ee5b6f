import { gzipSync } from "node:zlib";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleWorker } from "../../src/cli/bundle-worker.ts";

/** A Worker as it would be deployed. */
export interface Bundle {
  code: string;
  gzippedBytes: number;
}

/** Bundles a Worker as it is deployed. */
export async function bundle(entry: string): Promise<Bundle> {
  const { code } = await bundleWorker(entry, { minify: true });
  return { code, gzippedBytes: gzipSync(code).length };
}

/**
 * Measures the milliseconds until a fresh isolate has evaluated each bundle, medians over `rounds`, the bundles taking
 * turns. The isolates are loaded one after the other into one runtime, so that no process start is included.
 */
export async function startUpMs(bundles: readonly Bundle[], rounds: number): Promise<number[]> {
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: loader,
      compatibilityDate: "2026-11-01",
      workerLoaders: { LOADER: {} },
      bindings: { CODES: bundles.map(({ code }) => code) },
    }),
  );
  const takenMs = bundles.map((): number[] => []);
  try {
    for (let round = -1; round < rounds; round += 1) {
      for (const [which, list] of takenMs.entries()) {
        const startedMs = performance.now();
        const answer = await runtime.dispatchFetch(`http://localhost/?which=${which}&name=${which}-${round}`);
        if ((await answer.text()) !== "evaluated") throw new Error("a bundle does not start");
        if (round >= 0) list.push(performance.now() - startedMs);
      }
    }
  } finally {
    await runtime.dispose();
  }
  return takenMs.map((list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0);
}

/** Loads a bundle into an isolate of its own: everything is evaluated, and nothing is called. */
const loader = `export default {
  async fetch(request, { LOADER, CODES }) {
    const { searchParams } = new URL(request.url);
    const worker = LOADER.get(searchParams.get("name"), () => ({
      compatibilityDate: "2026-11-01",
      mainModule: "start.js",
      modules: {
        "start.js": 'import "./index.js"; export default { fetch: () => new Response("evaluated") };',
        "index.js": CODES[Number(searchParams.get("which"))],
      },
    }));
    return worker.getEntrypoint().fetch("http://localhost/");
  },
};`;
