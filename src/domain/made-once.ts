/**
 * Makes a value when it is first asked for, and keeps it. Schemas are made so: the thousand of all routes and settings
 * would be a quarter of an isolate's start, and a request needs a few of them.
 */
export function madeOnce<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
