/**
 * Keeps one compiled form for each shape of a statement: the number of its rows, or the names of the columns that it
 * sets. Shapes must be few, because nothing forgets them.
 */
export function perShape<S extends string | number, F>(make: (shape: S) => F): (shape: S) => F {
  const made = new Map<S, F>();
  return (shape) => {
    const known = made.get(shape) ?? make(shape);
    made.set(shape, known);
    return known;
  };
}
