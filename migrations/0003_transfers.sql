CREATE TABLE `applications` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`app_handle` text NOT NULL,
	`client_secret_hash` text NOT NULL,
	`webhook_secret` text NOT NULL,
	`transaction_webhook_url` text,
	`redirect_uris` text,
	`logo_url` text,
	`metadata` text,
	`encryption_enabled` integer NOT NULL,
	`public_key` text NOT NULL,
	`key_version` integer NOT NULL,
	`active` integer NOT NULL,
	`admin` integer NOT NULL,
	`debit_limit` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `applications_by_handle` ON `applications` (`app_handle`);
--> statement-breakpoint
CREATE TABLE `settlement_batches` (
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`id` text NOT NULL,
	`status` text NOT NULL,
	`total_credited` integer NOT NULL,
	`total_debited` integer NOT NULL,
	`transaction_count` integer NOT NULL,
	`application_count` integer NOT NULL,
	`error_message` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`day`, `currency`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `settlement_batches_by_id` ON `settlement_batches` (`id`);
--> statement-breakpoint
CREATE TABLE `settlement_days` (
	`day` text PRIMARY KEY NOT NULL,
	`closed_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `settlement_entries` (
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`application_id` text NOT NULL,
	`id` text NOT NULL,
	`application_name` text NOT NULL,
	`wallet_id` text NOT NULL,
	`total_credited` integer NOT NULL,
	`total_debited` integer NOT NULL,
	`net_amount` integer NOT NULL,
	`opening_balance` integer NOT NULL,
	`closing_balance` integer NOT NULL,
	`transaction_count` integer NOT NULL,
	`last_sequence` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`day`, `currency`, `application_id`),
	CONSTRAINT "settlement_entries_net" CHECK("settlement_entries"."net_amount" = "settlement_entries"."total_credited" - "settlement_entries"."total_debited"),
	CONSTRAINT "settlement_entries_chain" CHECK("settlement_entries"."closing_balance" = "settlement_entries"."opening_balance" + "settlement_entries"."net_amount")
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `settlement_entries_of_wallet` ON `settlement_entries` (`application_id`,`currency`,`day`);
--> statement-breakpoint
CREATE TABLE `subjects` (
	`id` text PRIMARY KEY NOT NULL,
	`application_id` text NOT NULL,
	`external_id` text NOT NULL,
	`display_name` text,
	`email` text,
	`image_url` text,
	`metadata` text,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `subjects_by_external_id` ON `subjects` (`application_id`,`external_id`);
--> statement-breakpoint
CREATE INDEX `subjects_of_application` ON `subjects` (`application_id`,`id`);
--> statement-breakpoint
CREATE TABLE `tags` (
	`id` text PRIMARY KEY NOT NULL,
	`tag_string` text NOT NULL,
	`application_id` text NOT NULL,
	`subject_id` text NOT NULL,
	`active` integer NOT NULL,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `tags_by_name` ON `tags` (`tag_string`,`application_id`);
--> statement-breakpoint
CREATE TABLE `transfer_webhooks` (
	`reference` text NOT NULL,
	`direction` text NOT NULL,
	`id` text NOT NULL,
	`transfer_id` text NOT NULL,
	`application_id` text NOT NULL,
	`application_name` text NOT NULL,
	`target_url` text NOT NULL,
	`event_type` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`last_error` text,
	`last_attempt_at` integer,
	`delivered_at` integer,
	`due_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`reference`, `direction`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `transfer_webhooks_due` ON `transfer_webhooks` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE INDEX `transfer_webhooks_failed` ON `transfer_webhooks` (`application_id`,`created_at`,`reference`) WHERE state = 'FAILED';
--> statement-breakpoint
CREATE TABLE `transfers` (
	`reference` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`state` text NOT NULL,
	`sender_app_id` text NOT NULL,
	`receiver_app_id` text NOT NULL,
	`sender_tag_id` text NOT NULL,
	`receiver_tag_id` text NOT NULL,
	`sender_tag` text NOT NULL,
	`receiver_tag` text NOT NULL,
	`sender_app_name` text NOT NULL,
	`receiver_app_name` text NOT NULL,
	`amount` integer NOT NULL,
	`currency` text NOT NULL,
	`narration` text,
	`callback_url` text,
	`expires_at` integer NOT NULL,
	`accepted_at` integer,
	`rejected_at` integer,
	`rejection_reason` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `transfers_sent` ON `transfers` (`sender_app_id`,`created_at`,`reference`);
--> statement-breakpoint
CREATE INDEX `transfers_received` ON `transfers` (`receiver_app_id`,`created_at`,`reference`);
--> statement-breakpoint
CREATE INDEX `transfers_pending` ON `transfers` (`receiver_app_id`,`created_at`,`reference`) WHERE state = 'AWAITING_ACCEPTANCE';
--> statement-breakpoint
CREATE INDEX `transfers_expiring` ON `transfers` (`expires_at`) WHERE state = 'AWAITING_ACCEPTANCE';
--> statement-breakpoint
CREATE TABLE `wallet_entries` (
	`application_id` text NOT NULL,
	`currency` text NOT NULL,
	`sequence` integer NOT NULL,
	`id` text NOT NULL,
	`transfer_id` text NOT NULL,
	`reference` text NOT NULL,
	`type` text NOT NULL,
	`amount` integer NOT NULL,
	`opening_balance` integer NOT NULL,
	`closing_balance` integer NOT NULL,
	`counterparty_tag` text NOT NULL,
	`narration` text,
	`day` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`application_id`, `currency`, `sequence`),
	CONSTRAINT "wallet_entries_amount" CHECK("wallet_entries"."amount" > 0),
	CONSTRAINT "wallet_entries_chain" CHECK("wallet_entries"."closing_balance" = "wallet_entries"."opening_balance" + case "wallet_entries"."type" when 'CREDIT' then "wallet_entries"."amount" else -"wallet_entries"."amount" end)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `wallets` (
	`application_id` text NOT NULL,
	`currency` text NOT NULL,
	`id` text NOT NULL,
	`balance` integer NOT NULL,
	`total_debited` integer NOT NULL,
	`total_credited` integer NOT NULL,
	`debit_limit` integer,
	`sequence` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`application_id`, `currency`),
	CONSTRAINT "wallets_balance" CHECK("wallets"."balance" = "wallets"."total_credited" - "wallets"."total_debited"),
	CONSTRAINT "wallets_debit_limit" CHECK("wallets"."debit_limit" is null or "wallets"."balance" >= -"wallets"."debit_limit"),
	CONSTRAINT "wallets_total_debited" CHECK("wallets"."total_debited" between 0 and 9007199254740991),
	CONSTRAINT "wallets_total_credited" CHECK("wallets"."total_credited" between 0 and 9007199254740991)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
-- What a wallet has moved stays moved.
CREATE TRIGGER `wallet_entries_no_update` BEFORE UPDATE ON `wallet_entries` BEGIN SELECT RAISE(ABORT, 'wallet entries are immutable'); END;--> statement-breakpoint
CREATE TRIGGER `wallet_entries_no_delete` BEFORE DELETE ON `wallet_entries` BEGIN SELECT RAISE(ABORT, 'wallet entries are immutable'); END;--> statement-breakpoint
-- A closed day takes no more entries, nor does an earlier one. Worded like a constraint, because it is one: across two tables, which a CHECK cannot see.
CREATE TRIGGER `wallet_entries_open_day` BEFORE INSERT ON `wallet_entries` WHEN EXISTS (SELECT 1 FROM `settlement_days` WHERE `day` >= NEW.`day`) BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: settlement_days_open'); END;
