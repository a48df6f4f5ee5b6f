import { join, resolve } from "node:path";
import { convertV4MiniflareOptions, Miniflare, type WorkerdStructuredLog } from "miniflare";
import { root } from "./wrangler.ts";
import type { AssetsOfFile, QueueConsumer, WorkerFile } from "./wrangler-file.ts";

interface Served {
  file: WorkerFile;
  /** The bundled Worker. */
  code: string;
  port: number;
  /** The folder of databases and objects, in the form in which wrangler keeps them. */
  stateDir: string;
  /** Settings that replace those of the file. */
  variables?: Record<string, string>;
  /** Called with each line that the Worker logs. */
  onLine: (line: string, level: WorkerdStructuredLog["level"]) => void;
}

const databasesOf = ({ d1_databases: databases = [] }: WorkerFile) =>
  named(databases, ({ binding, database_id: id = binding }) => [binding, { id }]);

/**
 * Serves a Worker on this machine's port in Miniflare, the runtime that wrangler starts as well, without wrangler's
 * proxy and debugger before it. Resolves when it accepts requests; `dispose` stops it.
 */
export async function serveWorker({ file, code, port, stateDir, variables, onLine }: Served): Promise<Miniflare> {
  const { durable_objects: objects, services = [], ratelimits = [], queues = {} } = file;
  const server = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port,
      cf: false, // would be fetched
      resourcePersistencePath: persistenceOf(stateDir),
      handleStructuredLogs: ({ level, message }) => onLine(message, level),
      name: file.name,
      modules: [{ type: "ESModule", path: "index.js", contents: code }],
      compatibilityDate: file.compatibility_date,
      compatibilityFlags: file.compatibility_flags ?? [],
      bindings: { ...file.vars, ...variables },
      d1Databases: databasesOf(file),
      durableObjects: named(objects?.bindings, ({ name, class_name }) => [
        name,
        { className: class_name, useSQLite: true },
      ]),
      serviceBindings: named(services, ({ binding, service, entrypoint }) => [
        binding,
        { name: service, ...(entrypoint !== undefined && { entrypoint }) },
      ]),
      ratelimits: named(ratelimits, ({ name, namespace_id, simple }) => [name, { namespace_id, simple }]),
      queueProducers: named(queues.producers, ({ binding, queue }) => [binding, { queueName: queue }]),
      queueConsumers: named(queues.consumers, (consumer) => [consumer.queue, termsOf(consumer)]),
      ...(file.assets && { assets: assetsOf(file, file.assets) }),
    }),
  );
  await server.ready;
  return server;
}

/**
 * Opens the databases of a Worker without serving it, so that nobody is answered before they have their tables. They
 * are to be disposed of before the Worker is served from the same folder.
 */
export async function openDatabases({ file, stateDir }: Pick<Served, "file" | "stateDir">): Promise<Miniflare> {
  const databases = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      resourcePersistencePath: persistenceOf(stateDir),
      modules: true,
      script: "export default {};",
      d1Databases: databasesOf(file),
    }),
  );
  await databases.ready;
  return databases;
}

function persistenceOf(stateDir: string): string {
  return join(stateDir, "v3");
}

function named<T, V>(list: readonly T[] | undefined, entryOf: (one: T) => [string, V]): Record<string, V> {
  return Object.fromEntries((list ?? []).map(entryOf));
}

function termsOf({ max_batch_size, max_batch_timeout, max_retries, retry_delay, dead_letter_queue }: QueueConsumer) {
  return {
    maxBatchSize: max_batch_size,
    maxBatchTimeout: max_batch_timeout,
    maxRetries: max_retries,
    retryDelay: retry_delay,
    ...(dead_letter_queue !== undefined && { deadLetterQueue: dead_letter_queue }),
  };
}

/** Serves the assets by the rules of wrangler.toml: a path of `run_worker_first` with "!" reaches no Worker. */
function assetsOf(file: WorkerFile, { directory, binding, not_found_handling, run_worker_first }: AssetsOfFile) {
  return {
    directory: resolve(root, directory),
    binding,
    run_worker_first,
    routerConfig: { has_user_worker: true },
    assetConfig: {
      not_found_handling,
      compatibility_date: file.compatibility_date,
      compatibility_flags: file.compatibility_flags ?? [],
    },
  };
}
