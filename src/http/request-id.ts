const wellFormed = /^[\w.-]{8,128}$/;

/** The id that a caller sent along, where it is one; otherwise a new one. It is in every answer, error and log line. */
export function requestIdOf(headers: Headers): string {
  const sent = headers.get("Request-Id") ?? "";
  return wellFormed.test(sent) ? sent : crypto.randomUUID();
}
