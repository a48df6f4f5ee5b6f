const exposed = "Request-Id, Accord-Request-Id, Idempotent-Replayed, Retry-After";
const allowedHeaders = "Authorization, Content-Type, Idempotency-Key, Request-Id";
const preflightLifetimeSeconds = "7200";

/** Sets the headers that let the browser of an allowed origin read the answer. Any other origin gets none. */
export function setCrossOrigin(headers: Headers, request: Request, origins: readonly string[]): void {
  if (origins.length === 0) return;
  headers.append("Vary", "Origin");
  const origin = request.headers.get("Origin");
  if (origin === null || !origins.includes(origin)) return;
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Expose-Headers", exposed);
}

/** Answers a browser's preflight request; undefined if the request is none, or its origin is not allowed. */
export function preflight(
  request: Request,
  methods: readonly string[],
  origins: readonly string[],
): Response | undefined {
  const origin = request.headers.get("Origin");
  const isPreflight = request.method === "OPTIONS" && request.headers.has("Access-Control-Request-Method");
  if (!isPreflight || origin === null || !origins.includes(origin)) return undefined;
  return new Response(null, {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": methods.join(", "),
      "Access-Control-Allow-Headers": allowedHeaders,
      "Access-Control-Max-Age": preflightLifetimeSeconds,
    },
  });
}
