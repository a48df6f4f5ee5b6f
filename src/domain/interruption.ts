/**
 * Says that a call to a Durable Object was cut off by a deploy, an eviction, a broken connection or overload. The work
 * may be done, may still run, or may never have begun.
 */
export class Interruption extends Error {
  override name = "Interruption";
}

/** Cloudflare's error texts for a Durable Object or database that restarts, is out of reach or overloaded. */
const platformWords =
  /network connection lost|code (?:was|has been) updated|object to be reset|limit and was reset|is overloaded|client disconnected|transient issue on remote node|no longer accessible|internal error; reference/i;

/** The texts after which Cloudflare advises to retry at once (D1, error list). Overload is never among them. */
const passingWords =
  /network connection lost|code (?:was|has been) updated|D1 DB storage caused object to be reset|client disconnected|transient issue on remote node|no longer accessible/i;

/** The properties that Cloudflare sets on the error of a broken call (Durable Objects, error handling). */
type Told = Partial<Record<"retryable" | "overloaded", boolean>>;

/** Tells whether work was cut off from outside. Errors of the database are wrapped in those of the query. */
export function isInterruption(error: unknown): boolean {
  return causesOf(error).some((cause) => cause instanceof Interruption || platformWords.test(cause.message));
}

/**
 * Tells whether the cause of an interruption may be over at once, so that one retry makes sense. After overload it
 * never does, because a retry makes it worse. This says nothing about whether the work was done.
 */
export function isPassing(error: unknown): boolean {
  const causes: (Error & Told)[] = causesOf(error);
  const isTooMuch = causes.some(({ overloaded, message }) => overloaded || /is overloaded/i.test(message));
  return !isTooMuch && causes.some(({ retryable, message }) => retryable || passingWords.test(message));
}

function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) causes.push(cause);
  return causes;
}
