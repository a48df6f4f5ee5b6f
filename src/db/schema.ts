/*
 * All tables, by the contract that uses them. Conventions of all: STRICT and WITHOUT ROWID are added to the generated
 * migrations, because each table has a key of its own. Times are milliseconds since 1970. Money is integer minor units.
 * The key of an aggregate's rows begins with the aggregate's id. `due_at` is the time at which the sweep takes a row
 * again; null means that nothing is left to do.
 */

export * from "./offers/people-tables";
export * from "./offers/tables";
export * from "./payments/developer-tables";
export * from "./payments/tables";
export * from "./secrets-table";
export * from "./tables";
export * from "./transfers/application-tables";
export * from "./transfers/tables";
export * from "./webhooks/tables";
