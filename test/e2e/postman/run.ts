import newman, { type Run } from "newman";

/** What a collection is told beside its requests. */
export interface Variables {
  values: { key: string; value: string }[];
}

/** Runs a collection by newman, and says how it went. Throws if one of its tests fails. */
export async function runCollection(name: string, collection: object, environment: Variables): Promise<Run> {
  const run = await new Promise<Run>((resolve, reject) =>
    newman.run({ collection, environment }, (error, summary) => (error ? reject(error) : resolve(summary.run))),
  );
  for (const { error, source } of run.failures) console.error(`${source?.name ?? ""}: ${error.message}`);
  const codes = Object.groupBy(run.executions, ({ response }) => `${Math.floor((response?.code ?? 0) / 100)}xx`);
  const answers = Object.entries(codes).map(([code, list]) => `${list?.length} × ${code}`);
  const { requests, assertions } = run.stats;
  console.log(`${name}: ${requests.total} requests (${answers.join(", ")}), ${assertions.total} assertions`);
  if (run.failures.length > 0) throw new Error(`${name}: ${run.failures.length} assertions failed`);
  return run;
}

/**
 * Runs the collection of the whole API with its environment, both as the server offers them. Only the server's address
 * is changed, and may be that of something in front of it.
 */
export async function runWholeApi(server: string, address = server): Promise<Run> {
  const [collection, { values }] = await Promise.all([
    offered<object>(`${server}/api/v1/postman.json`),
    offered<Variables>(`${server}/api/v1/postman-environment.json`),
  ]);
  const changed = values.map(({ key, value }) => ({ key, value: key === "baseUrl" ? address : value }));
  return runCollection("the whole API", collection, { values: changed });
}

async function offered<Document>(address: string): Promise<Document> {
  return (await (await fetch(address)).json()) as Document;
}
