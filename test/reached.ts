import { routes } from "../src/app";
import type { Route } from "../src/http/route";

/** What a route answered: its operation, the status, and the code of an error, with the first such answer. */
export interface Reached {
  operationId: string;
  status: number;
  code?: string;
  mediaType?: string;
  /** The body as text, because not every value can be sent to the reporter. */
  text?: string;
}

/** What was noted and not taken yet, by operation, status and code. */
const reached = new Map<string, Reached>();

type Served = Pick<Route, "contract" | "serve">;

/** Notes every answer of every route from now on, whoever asks and by whichever application it is served. */
export function noteAnswers(): void {
  for (const route of routes as readonly Served[]) {
    const { serve, contract } = route;
    if (noted.has(route)) continue;
    noted.add(route);
    route.serve = async (c) => {
      const response = await serve(c);
      await note(contract.operationId, response.clone());
      return response;
    };
  }
}

const noted = new WeakSet<object>();

async function note(operationId: string, response: Response): Promise<void> {
  const { status } = response;
  const text = await response.text();
  const body = text === "" ? undefined : JSON.parse(text);
  const code: string | undefined = status < 400 ? undefined : (body?.code ?? body?.errorCode);
  const key = [operationId, status, code].join(" ");
  if (reached.has(key)) return;
  const mediaType = response.headers.get("Content-Type");
  reached.set(key, {
    operationId,
    status,
    ...(code === undefined ? {} : { code }),
    ...(mediaType === null ? {} : { mediaType }),
    ...(text === "" ? {} : { text }),
  });
}

/** Returns what was noted since the last time. */
export function takeReached(): Reached[] {
  const taken = [...reached.values()];
  reached.clear();
  return taken;
}

declare module "vitest" {
  interface TaskMeta {
    reached?: Reached[];
  }
}
