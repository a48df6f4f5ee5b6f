import { timeOf } from "../domain/id";

const wellFormed = /^[\w.-]{8,128}$/;
const ours = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The ids of one request. */
export interface RequestIds {
  /** Ours, which nobody else can choose. It is in the header `Accord-Request-Id`. */
  own: string;
  /** The one that the caller sent if it is valid, otherwise ours. It is in the header `Request-Id` and in error bodies. */
  shown: string;
  /** Ours, followed by a slash and the caller's if there is one. It is in the log and in the journal. */
  logged: string;
}

/** Makes the ids of a request. */
export function requestIdsOf(headers: Headers): RequestIds {
  const own = makeRequestId(Date.now());
  const sent = headers.get("Request-Id") ?? "";
  return wellFormed.test(sent) ? { own, shown: sent, logged: `${own}/${sent}` } : { own, shown: own, logged: own };
}

/** Makes a UUID of version 7 (RFC 9562 5.7). It contains the time of the request, by which its changes are found. */
function makeRequestId(nowMs: number): string {
  const time = nowMs.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}

/**
 * Returns the time at which a request of this id was made, in milliseconds; undefined if the id does not contain it.
 */
export function timeOfRequest(id: string): number | undefined {
  return ours.test(id) ? timeOf(id) : undefined;
}
