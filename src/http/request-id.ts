import { timeOf } from "../domain/id";

const wellFormed = /^[\w.-]{8,128}$/;
const ours = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The id that a caller sent along, where it is one; otherwise a new one. It is in every answer, error and log line. */
export function requestIdOf(headers: Headers): string {
  const sent = headers.get("Request-Id") ?? "";
  return wellFormed.test(sent) ? sent : makeRequestId(Date.now());
}

/** A UUID of version 7 (RFC 9562 5.7): it says when, and what it has changed is found by that. */
function makeRequestId(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/** When a request of this id was made, in milliseconds; undefined where the id does not say. */
export function timeOfRequest(id: string): number | undefined {
  return ours.test(id) ? timeOf(id) : undefined;
}
