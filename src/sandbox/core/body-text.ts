/** Reads a body as text, whatever its content type; the runtime warns if `.text()` is called on a form. */
export async function bodyText(request: Request): Promise<string> {
  return new TextDecoder().decode(await request.arrayBuffer());
}
