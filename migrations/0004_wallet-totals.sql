PRAGMA defer_foreign_keys=true;
--> statement-breakpoint
CREATE TABLE `__old_settlement_entries` AS SELECT * FROM `settlement_entries`;
--> statement-breakpoint
DROP TABLE `settlement_entries`;
--> statement-breakpoint
CREATE TABLE `settlement_entries` (
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`application_id` text NOT NULL,
	`id` text NOT NULL,
	`application_name` text NOT NULL,
	`wallet_id` text NOT NULL,
	`total_credited_high` integer NOT NULL,
	`total_credited_low` integer NOT NULL,
	`total_debited_high` integer NOT NULL,
	`total_debited_low` integer NOT NULL,
	`net_amount` integer NOT NULL,
	`opening_balance` integer NOT NULL,
	`closing_balance` integer NOT NULL,
	`transaction_count` integer NOT NULL,
	`last_sequence` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`day`, `currency`, `application_id`),
	CONSTRAINT "settlement_entries_net" CHECK("settlement_entries"."net_amount" = ("settlement_entries"."total_credited_high" - "settlement_entries"."total_debited_high") * 100000000 + "settlement_entries"."total_credited_low" - "settlement_entries"."total_debited_low"),
	CONSTRAINT "settlement_entries_chain" CHECK("settlement_entries"."closing_balance" = "settlement_entries"."opening_balance" + "settlement_entries"."net_amount")
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `settlement_entries`("day", "currency", "application_id", "id", "application_name", "wallet_id", "total_credited_high", "total_credited_low", "total_debited_high", "total_debited_low", "net_amount", "opening_balance", "closing_balance", "transaction_count", "last_sequence", "created_at") SELECT "day", "currency", "application_id", "id", "application_name", "wallet_id", "total_credited" / 100000000, "total_credited" % 100000000, "total_debited" / 100000000, "total_debited" % 100000000, "net_amount", "opening_balance", "closing_balance", "transaction_count", "last_sequence", "created_at" FROM `__old_settlement_entries`;
--> statement-breakpoint
DROP TABLE `__old_settlement_entries`;
--> statement-breakpoint
CREATE INDEX `settlement_entries_of_wallet` ON `settlement_entries` (`application_id`,`currency`,`day`);
--> statement-breakpoint
CREATE TABLE `__old_wallets` AS SELECT * FROM `wallets`;
--> statement-breakpoint
DROP TABLE `wallets`;
--> statement-breakpoint
CREATE TABLE `wallets` (
	`application_id` text NOT NULL,
	`currency` text NOT NULL,
	`id` text NOT NULL,
	`balance` integer NOT NULL,
	`total_debited_high` integer NOT NULL,
	`total_debited_low` integer NOT NULL,
	`total_credited_high` integer NOT NULL,
	`total_credited_low` integer NOT NULL,
	`debit_limit` integer,
	`sequence` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`application_id`, `currency`),
	CONSTRAINT "wallets_balance" CHECK("wallets"."balance" = ("wallets"."total_credited_high" - "wallets"."total_debited_high") * 100000000 + "wallets"."total_credited_low" - "wallets"."total_debited_low"),
	CONSTRAINT "wallets_balance_limit" CHECK("wallets"."balance" between -9007199254740991 and 9007199254740991),
	CONSTRAINT "wallets_debit_limit" CHECK("wallets"."debit_limit" is null or "wallets"."balance" >= -"wallets"."debit_limit"),
	CONSTRAINT "wallets_total_debited" CHECK("wallets"."total_debited_high" >= 0 and "wallets"."total_debited_low" >= 0 and "wallets"."total_debited_low" < 100000000),
	CONSTRAINT "wallets_total_credited" CHECK("wallets"."total_credited_high" >= 0 and "wallets"."total_credited_low" >= 0 and "wallets"."total_credited_low" < 100000000)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `wallets`("application_id", "currency", "id", "balance", "total_debited_high", "total_debited_low", "total_credited_high", "total_credited_low", "debit_limit", "sequence", "created_at", "updated_at") SELECT "application_id", "currency", "id", "balance", "total_debited" / 100000000, "total_debited" % 100000000, "total_credited" / 100000000, "total_credited" % 100000000, "debit_limit", "sequence", "created_at", "updated_at" FROM `__old_wallets`;
--> statement-breakpoint
DROP TABLE `__old_wallets`;
--> statement-breakpoint
ALTER TABLE `settlement_batches` ADD `total_credited_high` integer NOT NULL;
--> statement-breakpoint
ALTER TABLE `settlement_batches` ADD `total_credited_low` integer NOT NULL;
--> statement-breakpoint
ALTER TABLE `settlement_batches` ADD `total_debited_high` integer NOT NULL;
--> statement-breakpoint
ALTER TABLE `settlement_batches` ADD `total_debited_low` integer NOT NULL;
--> statement-breakpoint
ALTER TABLE `settlement_batches` DROP COLUMN `total_credited`;
--> statement-breakpoint
ALTER TABLE `settlement_batches` DROP COLUMN `total_debited`;
