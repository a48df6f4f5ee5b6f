PRAGMA defer_foreign_keys=true;
--> statement-breakpoint
DROP INDEX `refunds_live`;
--> statement-breakpoint
CREATE TABLE `__old_receivable_entries` AS SELECT * FROM `receivable_entries`;
--> statement-breakpoint
DROP TABLE `receivable_entries`;
--> statement-breakpoint
CREATE TABLE `receivable_entries` (
	`user_id` text NOT NULL,
	`payout_id` text NOT NULL,
	`number` integer NOT NULL,
	`kind` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `payout_id`, `number`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `receivable_entries`("user_id", "payout_id", "number", "kind", "amount_minor", "at") SELECT "user_id", "payout_id", row_number() over (partition by "user_id", "payout_id" order by "at") - 1, "kind", "amount_minor", "at" FROM `__old_receivable_entries`;
--> statement-breakpoint
DROP TABLE `__old_receivable_entries`;
--> statement-breakpoint
CREATE TABLE `__old_checkouts` AS SELECT * FROM `checkouts`;
--> statement-breakpoint
DROP TABLE `checkouts`;
--> statement-breakpoint
CREATE TABLE `checkouts` (
	`testimony_id` text NOT NULL,
	`id` text NOT NULL,
	`offer_id` text NOT NULL,
	`client_id` text NOT NULL,
	`state` text NOT NULL,
	`currency` text NOT NULL,
	`price_minor` integer NOT NULL,
	`commission_minor` integer NOT NULL,
	`total_minor` integer NOT NULL,
	`commission_basis_points` integer NOT NULL,
	`input` text NOT NULL,
	`payable` integer,
	`session_id` text,
	`url` text,
	`expires_at` integer NOT NULL,
	`payment_intent_id` text,
	`charge_id` text,
	`fee_minor` integer,
	`returned_minor` integer DEFAULT 0 NOT NULL,
	`refunded_minor` integer DEFAULT 0 NOT NULL,
	`return_reason` text,
	`due_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`testimony_id`, `id`),
	FOREIGN KEY (`testimony_id`,`offer_id`) REFERENCES `offers`(`testimony_id`,`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "checkouts_returned" CHECK("checkouts"."returned_minor" between 0 and "checkouts"."total_minor"),
	CONSTRAINT "checkouts_refunded" CHECK("checkouts"."refunded_minor" between 0 and "checkouts"."total_minor")
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `checkouts`("testimony_id", "id", "offer_id", "client_id", "state", "currency", "price_minor", "commission_minor", "total_minor", "commission_basis_points", "input", "payable", "session_id", "url", "expires_at", "payment_intent_id", "charge_id", "fee_minor", "returned_minor", "refunded_minor", "return_reason", "due_at", "created_at") SELECT "testimony_id", "id", "offer_id", "client_id", "state", "currency", "price_minor", "commission_minor", "total_minor", "commission_basis_points", "input", "payable", "session_id", "url", "expires_at", "payment_intent_id", "charge_id", "fee_minor", 0, (select coalesce(sum(r.amount_minor), 0) from refunds r where r.testimony_id = __old_checkouts.testimony_id and r.checkout_id = __old_checkouts.id and r.state <> 'failed'), null, "due_at", "created_at" FROM `__old_checkouts`;
--> statement-breakpoint
DROP TABLE `__old_checkouts`;
--> statement-breakpoint
CREATE UNIQUE INDEX `checkouts_payable` ON `checkouts` (`testimony_id`,`offer_id`,`client_id`) WHERE payable = 1;
--> statement-breakpoint
CREATE INDEX `checkouts_due` ON `checkouts` (`due_at`) WHERE due_at is not null and state <> 'open';
--> statement-breakpoint
CREATE INDEX `checkouts_open_due` ON `checkouts` (`due_at`) WHERE due_at is not null and state = 'open';
--> statement-breakpoint
CREATE TABLE `__old_payouts` AS SELECT * FROM `payouts`;
--> statement-breakpoint
DROP TABLE `payouts`;
--> statement-breakpoint
CREATE TABLE `payouts` (
	`testimony_id` text NOT NULL,
	`id` text NOT NULL,
	`checkout_id` text NOT NULL,
	`expert_id` text NOT NULL,
	`state` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`netted_minor` integer NOT NULL,
	`lowered_minor` integer DEFAULT 0 NOT NULL,
	`holds` text DEFAULT '[]' NOT NULL,
	`accepted_gone_minor` integer DEFAULT 0 NOT NULL,
	`reason` text,
	`sent_minor` integer DEFAULT 0 NOT NULL,
	`transfer_id` text,
	`reversed_minor` integer NOT NULL,
	`due_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`testimony_id`, `id`),
	FOREIGN KEY (`testimony_id`,`checkout_id`) REFERENCES `checkouts`(`testimony_id`,`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "payouts_lowered" CHECK("payouts"."lowered_minor" between 0 and "payouts"."amount_minor")
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `payouts`("testimony_id", "id", "checkout_id", "expert_id", "state", "currency", "amount_minor", "netted_minor", "lowered_minor", "holds", "accepted_gone_minor", "reason", "sent_minor", "transfer_id", "reversed_minor", "due_at", "created_at") SELECT "testimony_id", "id", "checkout_id", "expert_id", "state", "currency", "amount_minor", "netted_minor", case when state in ('reversing', 'reversed', 'cancelled') then amount_minor else 0 end, case when state = 'held' then json_array(reason) else '[]' end, 0, "reason", case when "transfer_id" is null then 0 else "amount_minor" - "netted_minor" end, "transfer_id", "reversed_minor", "due_at", "created_at" FROM `__old_payouts`;
--> statement-breakpoint
DROP TABLE `__old_payouts`;
--> statement-breakpoint
CREATE UNIQUE INDEX `payouts_of_checkout` ON `payouts` (`testimony_id`,`checkout_id`);
--> statement-breakpoint
CREATE INDEX `payouts_due` ON `payouts` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE INDEX `payouts_held` ON `payouts` (`expert_id`) WHERE state = 'held';
