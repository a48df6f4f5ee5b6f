import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import { constraints } from "../constraints";

/* Applications of the transfers contract, their users and the users' tags. Conventions as in schema.ts. */

/** A public key as JWK, or a private one in the one answer that contains it. */
export interface EcJwk {
  kty: "EC";
  crv: "P-256";
  x: string;
  y: string;
  use: "enc";
  alg: "ECDH-ES+A256KW";
  kid: string;
}

/** Applications, which use the transfers contract. The id is the client id. Aggregate: the application. */
export const applications = sqliteTable(
  "applications",
  {
    id: text("id").primaryKey(),
    name: text("name").notNull(),
    appHandle: text("app_handle").notNull(),
    /** The name of the request that registered it, which may be repeated (src/guides/security.md#lost-registrations). */
    registration: text("registration"),
    transactionWebhookUrl: text("transaction_webhook_url"),
    redirectUris: text("redirect_uris"),
    logoUrl: text("logo_url"),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, unknown>>(),
    encryptionEnabled: integer("encryption_enabled", { mode: "boolean" }).notNull(),
    publicKey: text("public_key", { mode: "json" }).$type<EcJwk>().notNull(),
    keyVersion: integer("key_version").notNull(),
    active: integer("active", { mode: "boolean" }).notNull(),
    /** Whether it may trigger settlements and see all of them; given by the operator. */
    admin: integer("admin", { mode: "boolean" }).notNull(),
    /** The limit to which its wallets may go below zero; null for no limit. New wallets begin with it. */
    debitLimit: integer("debit_limit"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  constraints((t) => [uniqueIndex("applications_by_handle").on(t.appHandle)]),
);

/** A user of an application. Aggregate: the subject. */
export const subjects = sqliteTable(
  "subjects",
  {
    id: text("id").primaryKey(),
    applicationId: text("application_id").notNull(),
    externalId: text("external_id").notNull(),
    displayName: text("display_name"),
    email: text("email"),
    imageUrl: text("image_url"),
    metadata: text("metadata", { mode: "json" }).$type<Record<string, unknown>>(),
    createdAt: integer("created_at").notNull(),
  },
  constraints((t) => [
    uniqueIndex("subjects_by_external_id").on(t.applicationId, t.externalId),
    index("subjects_of_application").on(t.applicationId, t.id),
  ]),
);

/** A handle of a subject, unique within its application. Aggregate: the tag. */
export const tags = sqliteTable(
  "tags",
  {
    id: text("id").primaryKey(),
    /** In lower case, without "@". */
    tagString: text("tag_string").notNull(),
    applicationId: text("application_id").notNull(),
    subjectId: text("subject_id").notNull(),
    active: integer("active", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
  },
  // The name comes first, because a tag without a handle is looked up in every application.
  constraints((t) => [
    uniqueIndex("tags_by_name").on(t.tagString, t.applicationId),
    index("tags_of_application").on(t.applicationId, t.id),
  ]),
);
