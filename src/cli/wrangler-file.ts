import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "smol-toml";
import { root } from "./wrangler.ts";

/** The parts of a wrangler.toml that this machine needs to run the Worker (Cloudflare, Wrangler configuration). */
export interface WorkerFile {
  name: string;
  main: string;
  compatibility_date: string;
  compatibility_flags?: string[] | undefined;
  /** Names of modules as their importers write them, and what replaces them. */
  alias?: Record<string, string> | undefined;
  assets?: AssetsOfFile | undefined;
  vars?: Record<string, string>;
  d1_databases?: { binding: string; database_id?: string }[];
  durable_objects?: { bindings: { name: string; class_name: string }[] };
  services?: { binding: string; service: string; entrypoint?: string }[];
  ratelimits?: { name: string; namespace_id: string; simple: { limit: number; period: 10 | 60 } }[];
  queues?: { producers?: { binding: string; queue: string }[]; consumers?: QueueConsumer[] };
}

export interface AssetsOfFile {
  directory: string;
  binding: string;
  not_found_handling: "404-page";
  run_worker_first: string[];
}

export interface QueueConsumer {
  queue: string;
  max_batch_size: number;
  max_batch_timeout: number;
  max_retries: number;
  retry_delay: number;
  dead_letter_queue?: string;
}

/** Reads a wrangler.toml; of an environment what it has itself, and what it inherits of the top level. */
export function readWorkerFile(path = "wrangler.toml", environment?: string): WorkerFile {
  const { env = {}, ...top } = parse(readFileSync(resolve(root, path), "utf8")) as unknown as WorkerFile & {
    env?: Record<string, Partial<WorkerFile>>;
  };
  if (environment === undefined) return top;
  const { name, main, compatibility_date, compatibility_flags, alias, assets } = top;
  return { name, main, compatibility_date, compatibility_flags, alias, assets, ...env[environment] };
}
