/** The token of an `Authorization: Bearer` header, whatever it is; undefined when there is none. */
export function bearerToken(headers: Headers): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.get("Authorization") ?? "")?.[1];
}
