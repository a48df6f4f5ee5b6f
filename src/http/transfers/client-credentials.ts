import { canonicalId } from "../../domain/id";
import type { Issue, NamedErrorResponse } from "../dialect";
import { issueOf } from "../json-structure";

/** The same answer for an unknown client, for a wrong secret, and for a header that cannot be read. */
export const invalidCredentials: NamedErrorResponse = {
  status: 401,
  code: "INVALID_CREDENTIALS",
  text: "The client credentials are invalid",
  headers: { "WWW-Authenticate": 'Basic realm="accord", charset="UTF-8"' },
};

/** A client as it says who it is. */
interface Client {
  id: string;
  secret: string;
}

type Read = { ok: true; client: Client } | { ok: false; answer: NamedErrorResponse } | { ok: false; issues: Issue[] };

/**
 * Reads who asks for a token: by HTTP Basic, or by `client_id` and `client_secret` among the parameters, and never by
 * both (RFC 6749 2.3). Beside the header the parameters may repeat the id, as some clients do.
 */
export function readClient(
  headers: Headers,
  sent: { client_id?: string | undefined; client_secret?: string | undefined },
): Read {
  const written = /^Basic(?: +(.*))?$/i.exec(headers.get("Authorization") ?? "");
  if (!written) return inParameters(sent);
  const client = readBasic(written[1] ?? "");
  if (!client) return { ok: false, answer: invalidCredentials };
  if (sent.client_secret !== undefined)
    return { ok: false, issues: [issueOf("client_secret", "must not be sent beside the Authorization header")] };
  if (sent.client_id !== undefined && sent.client_id !== client.id)
    return { ok: false, issues: [issueOf("client_id", "must be that of the Authorization header")] };
  return { ok: true, client };
}

function inParameters({ client_id: id, client_secret: secret }: Parameters<typeof readClient>[1]): Read {
  if (id !== undefined && secret !== undefined) return { ok: true, client: { id, secret } };
  const missing = [...(id === undefined ? ["client_id"] : []), ...(secret === undefined ? ["client_secret"] : [])];
  return { ok: false, issues: missing.map((name) => issueOf(name, "is required")) };
}

/** Reads the pair of RFC 7617, whose parts are written as in a form (RFC 6749 2.3.1). Undefined if it is none. */
function readBasic(written: string): Client | undefined {
  try {
    const bytes = Uint8Array.from(atob(written.trim()), (character) => character.charCodeAt(0));
    const pair = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const [, id, secret] = /^([^:]+):(.+)$/s.exec(pair) ?? [];
    return id === undefined || secret === undefined
      ? undefined
      : { id: canonicalId(fromForm(id)), secret: fromForm(secret) };
  } catch {
    return undefined;
  }
}

function fromForm(text: string): string {
  return decodeURIComponent(text.replaceAll("+", " "));
}
