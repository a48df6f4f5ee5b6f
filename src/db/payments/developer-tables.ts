import { sql } from "drizzle-orm";
import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { connectedAccountStates } from "../../domain/account";
import type { Scope } from "../../domain/scope";
import { constraints } from "../constraints";

/*
 * The developers of the payments contract: every root belongs to a developer and takes the developer's bucket.
 * Conventions as in schema.ts.
 */

/** Developers, who use the payments contract. Aggregate: the developer. */
export const developers = sqliteTable(
  "developers",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    email: text("email").notNull(),
    /** The name of the request that made it, which may be repeated (src/guides/security.md#lost-registrations). */
    registration: text("registration"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [uniqueIndex("developers_by_email").on(t.email)]),
);

/** Directory: developers' tokens, by SHA-256. Kept after their end, so that their use can be explained. */
export const developerTokens = sqliteTable(
  "developer_tokens",
  {
    hash: text("hash").primaryKey(),
    /** The first characters, by which a token is recognised without being known. */
    prefix: text("prefix").notNull(),
    developerId: text("developer_id").notNull(),
    scopes: text("scopes", { mode: "json" }).$type<readonly Scope[]>().notNull(),
    createdAt: integer("created_at").notNull(),
    /**
     * The time of its end: after a rotation's overlap, or at once when it is revoked; null while nobody has ended it.
     */
    expiresAt: integer("expires_at"),
    /** Recorded once an hour at most. */
    lastUsedAt: integer("last_used_at"),
  },
  constraints((t) => [index("developer_tokens_of_developer").on(t.developerId)]),
);

/** Apps of a developer. Aggregate: the developer. */
export const apps = sqliteTable(
  "apps",
  {
    id: text("id").primaryKey(),
    developerId: text("developer_id").notNull(),
    name: text("name").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [index("apps_of_developer").on(t.developerId, t.id)]),
);

/** Shoppers of an app. Aggregate: the shopper, with the payment methods. */
export const appUsers = sqliteTable(
  "app_users",
  {
    id: text("id").primaryKey(),
    developerId: text("developer_id").notNull(),
    appId: text("app_id").notNull(),
    externalId: text("external_id"),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    uniqueIndex("app_users_by_external_id").on(t.appId, t.externalId).where(sql`external_id is not null`),
  ]),
);

/** Accounts at Stripe that a developer's shoppers pay on. Aggregate: the account. */
export const connectedAccounts = sqliteTable(
  "connected_accounts",
  {
    id: text("id").primaryKey(),
    developerId: text("developer_id").notNull(),
    /** In lower case. */
    email: text("email").notNull(),
    country: text("country").notNull(),
    stripeId: text("stripe_id"),
    /**
     * `creating` until Stripe has answered, `deleting` while it is asked to delete; else the state that Stripe reported
     * last.
     */
    state: text("state", { enum: connectedAccountStates }).notNull(),
    requirements: text("requirements", { mode: "json" }).$type<string[]>().notNull(),
    /**
     * 1 while no other account of the developer may have the e-mail; null if the account is gone, deleted or was
     * refused.
     */
    live: integer("live"),
    /** The time up to which Stripe's list of this account's events was read. */
    eventsReadAt: integer("events_read_at").notNull(),
    dueAt: integer("due_at"),
    createdAt: integer("created_at").notNull(),
    checkedAt: integer("checked_at"),
  },
  constraints((t) => [
    uniqueIndex("connected_accounts_live").on(t.developerId, t.email).where(sql`live = 1`),
    index("connected_accounts_of_developer").on(t.developerId, t.id),
    index("connected_accounts_by_email").on(t.developerId, t.email, t.id),
    index("connected_accounts_due").on(t.dueAt).where(sql`due_at is not null`),
  ]),
);
