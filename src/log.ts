import type { Log } from "./operations/deps";

/** Opens a log: each entry is one line of JSON with the request's id. Callers pass facts without secrets. */
export function openLog(requestId: string): Log {
  const write = (level: "info" | "warn" | "error", event: string, facts: Record<string, unknown> = {}) => {
    // biome-ignore lint/suspicious/noConsole: the platform collects what is written here; this is the only place
    console[level](JSON.stringify({ level, event, requestId, ...facts }));
  };
  return {
    info: (event, facts) => write("info", event, facts),
    warn: (event, facts) => write("warn", event, facts),
    error: (event, error, facts) => write("error", event, { ...facts, error: describe(error) }),
  };
}

/** Returns name, message and stack of an error, with its causes: enough to find the place, without the request. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause === undefined ? {} : { cause: describe(cause) }) };
}
