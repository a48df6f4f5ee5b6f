/**
 * A call to an object was cut off: by a deploy, an eviction, a broken connection or overload. What was asked for may be
 * done, may go on where it ran, or was never begun.
 */
export class Interruption extends Error {
  override name = "Interruption";
}

/** What Cloudflare says of an object, or of the database, that is restarted, out of reach or overloaded. */
const platformWords =
  /network connection lost|code (?:was|has been) updated|object to be reset|limit and was reset|is overloaded|client disconnected|transient issue on remote node|no longer accessible|internal error; reference/i;

/** Of these, what Cloudflare advises to ask again at once (D1, error list): never what is too much for the database. */
const passingWords =
  /network connection lost|code (?:was|has been) updated|D1 DB storage caused object to be reset|client disconnected|transient issue on remote node|no longer accessible/i;

/** What Cloudflare tells of a broken call to an object (Durable Objects, error handling). */
type Told = Partial<Record<"retryable" | "overloaded", boolean>>;

/** Whether work was cut off from outside. Errors of the database are wrapped in those of the query. */
export function isInterruption(error: unknown): boolean {
  return causesOf(error).some((cause) => cause instanceof Interruption || platformWords.test(cause.message));
}

/**
 * Whether what cut work off may be over at once, so that it is worth asking once more. Overload never is: to ask again
 * makes it worse. Says nothing of whether the work was done.
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
