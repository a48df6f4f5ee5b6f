import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runBundled } from "../../src/cli/run-bundled.ts";
import { reachedFolder } from "./keep-reached.ts";

/** An answer that tests were given. */
export interface Reached {
  operationId: string;
  status: number;
  code?: string;
  mediaType?: string;
  body?: unknown;
}

/** An answer that the API's description promises. */
export interface Promised {
  operationId: string;
  status: number;
  code?: string;
  /** The name of the form in which the error is told. */
  form: string;
  hasBody: boolean;
}

/** Reads what every file of tests has reached, as far as it has run. */
export function readReached(): Reached[] {
  const files = readdirSync(reachedFolder, { recursive: true, encoding: "utf8" }).filter((name) => /json$/.test(name));
  return files.sort().flatMap((name): Reached[] => JSON.parse(readFileSync(join(reachedFolder, name), "utf8")));
}

/** Lists the answers that the routes document. */
export async function readPromised(): Promise<Promised[]> {
  const program = `
    import { routes } from "./src/app";
    import { promisedAnswers } from "./src/http/documented-errors";
    process.stdout.write(JSON.stringify(routes.flatMap(promisedAnswers)));`;
  return JSON.parse(await runBundled(program));
}

export function keyOf({ operationId, status, code }: Pick<Reached, "operationId" | "status" | "code">): string {
  return [operationId, status, ...(code === undefined ? [] : [code])].join(" ");
}
