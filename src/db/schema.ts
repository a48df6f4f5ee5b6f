/*
 * Every table, by whom it serves. What holds for all of them: STRICT and WITHOUT ROWID are added to the generated
 * migrations, because each has a key of its own. Times are milliseconds since 1970. Money is integer minor units. Rows of
 * an aggregate start their key with its id. `due_at` is when the sweep looks at a row again; null means that nothing is
 * left to do.
 */
export * from "./core-tables";
export * from "./developer-tables";
export * from "./offer-tables";
export * from "./payment-tables";
export * from "./people-tables";
export * from "./transfer-tables";
export * from "./webhook-tables";
