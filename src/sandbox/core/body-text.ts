/** The body as text whatever its content type says; the runtime warns when `.text()` is called on a form. */
export async function bodyText(request: Request): Promise<string> {
  return new TextDecoder().decode(await request.arrayBuffer());
}
