import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { constraints } from "./constraints";

/** Secrets with successors: all that have not ended are valid. Conventions as in schema.ts. */
export const secrets = sqliteTable(
  "secrets",
  {
    /** A webhook endpoint, or an application of the transfers contract. */
    ownerId: text("owner_id").notNull(),
    kind: text("kind", { enum: ["webhook", "client"] }).notNull(),
    /** The number of the secret: the highest is the present one. */
    number: integer("number").notNull(),
    /** Sealed if it signs webhooks, because signing needs the secret itself; the SHA-256 of a client's. */
    secret: text("secret").notNull(),
    /** The first characters of a client's, by which it is recognised without being known. */
    prefix: text("prefix"),
    createdAt: integer("created_at").notNull(),
    /** The time at which a client's was first used. */
    usedAt: integer("used_at"),
    /** The time at which it ends; null for the present one. */
    endsAt: integer("ends_at"),
  },
  constraints((t) => [primaryKey({ columns: [t.ownerId, t.kind, t.number] })]),
);
