/** Answers `/`: leads a person with a browser to the Welcome, and tells a program what is here. */
export function answerRoot(request: Request, origin: string): Response {
  const headers = { "Cache-Control": "no-store", Vary: "Accept" };
  if (request.headers.get("Accept")?.includes("text/html")) {
    return new Response(null, { status: 302, headers: { ...headers, Location: `${origin}/console/welcome` } });
  }
  return Response.json(
    {
      name: "Accord sandbox",
      welcome: `${origin}/console/welcome`,
      api: `${origin}/api/v1/openapi.json`,
      reference: `${origin}/docs/`,
      guides: `${origin}/guides/`,
      controls: `${origin}/sandbox`,
      status: `${origin}/api/v1/status`,
    },
    { headers },
  );
}
