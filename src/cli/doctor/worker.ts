import { runInThisContext } from "node:vm";
import { build } from "esbuild";
import { root } from "../wrangler.ts";

/** The parts of the Worker that know its settings and what it needs of Stripe. */
export interface Worker {
  /** Throws an error with `problems` if bindings or settings are missing or malformed. */
  readEnvironment: (raw: object) => Record<string, unknown>;
  platformTypes: readonly string[];
  connectedTypes: readonly string[];
  stripeApiVersion: string;
  canPayIn: (country: string) => boolean;
}

/** Loads these parts of the Worker's sources, so that nothing is written twice. */
export async function loadWorker(): Promise<Worker> {
  const contents = `
    export { readEnvironment } from "./src/env";
    export { connectedTypes, platformTypes } from "./src/operations/stripe-events/handled-types";
    export { stripeApiVersion } from "./src/stripe/version";
    export { canPayIn } from "./src/domain/account-country";`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "worker",
    platform: "node",
    logLevel: "silent",
  });
  return runInThisContext(`${outputFiles[0]?.text}; worker`) as Worker;
}
