/**
 * Returns the indexes, keys and checks of a table. Only `npm run db:generate` reads them; the Worker's bundle has
 * no-constraints.ts instead, and a table without them.
 */
export function constraints<T>(declare: T): T {
  return declare;
}
