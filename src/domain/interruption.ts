/**
 * A call to an object was cut off: by a deploy, an eviction, a broken connection or overload. What was asked for may be
 * done, may go on where it ran, or was never begun.
 */
export class Interruption extends Error {
  override name = "Interruption";
}

/** What the platform says of an object, or of the database, that is restarted, out of reach or overloaded. */
const platformWords =
  /network connection lost|code (?:was|has been) updated|object to be reset|is overloaded|transient issue on remote node|internal error; reference/i;

/** Whether work was cut off from outside. Errors of the database are wrapped in those of the query. */
export function isInterruption(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof Interruption || platformWords.test(cause.message)) return true;
  }
  return false;
}
