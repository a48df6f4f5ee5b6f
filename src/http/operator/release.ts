import type { Edge } from "../edge";

let release: string | undefined;

/** Returns the name of what is deployed: a hash of everything that was made with the Worker. Read once per isolate. */
export async function readRelease({ document }: Edge): Promise<string> {
  release ??= ((await document("/release.json")) as { release: string }).release;
  return release;
}
