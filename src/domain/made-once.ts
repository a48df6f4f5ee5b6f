/**
 * Makes a value when it is first asked for, and keeps it. An isolate starts without it: hundreds of schemas would be a
 * third of a start, and most requests need few of them.
 */
export function madeOnce<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
