/**
 * Stands in the bundle for what Accord never uses of Drizzle (wrangler.toml, `alias`): its relational queries, its counts
 * beside a query, tables declared by a function, and the enumerations of PostgreSQL.
 */
class Unused {}

export function isPgEnum(): boolean {
  return false;
}

export {
  Unused as createTableRelationsHelpers,
  Unused as extractTablesRelationalConfig,
  Unused as getOperators,
  Unused as getOrderByOperators,
  Unused as getSQLiteColumnBuilders,
  Unused as Many,
  Unused as normalizeRelation,
  Unused as One,
  Unused as RelationalQueryBuilder,
  Unused as SQLiteCountBuilder,
};
