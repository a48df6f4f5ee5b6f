/** Returns the token of an `Authorization: Bearer` header, unchecked; undefined if there is none. */
export function bearerToken(headers: Headers): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.get("Authorization") ?? "")?.[1];
}
