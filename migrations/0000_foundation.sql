CREATE TABLE `access_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`prefix` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `access_tokens_expiry` ON `access_tokens` (`expires_at`);
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
	`due_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`testimony_id`, `id`),
	FOREIGN KEY (`testimony_id`,`offer_id`) REFERENCES `offers`(`testimony_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `checkouts_payable` ON `checkouts` (`testimony_id`,`offer_id`,`client_id`) WHERE payable = 1;
--> statement-breakpoint
CREATE INDEX `checkouts_due` ON `checkouts` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE TABLE `cursors` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `disputes` (
	`testimony_id` text NOT NULL,
	`stripe_id` text NOT NULL,
	`checkout_id` text NOT NULL,
	`state` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`fee_minor` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`testimony_id`, `stripe_id`),
	FOREIGN KEY (`testimony_id`,`checkout_id`) REFERENCES `checkouts`(`testimony_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`caller` text NOT NULL,
	`operation` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`claim_id` text NOT NULL,
	`claimed_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`done_by` text,
	`result` text,
	PRIMARY KEY(`caller`, `operation`, `key`),
	CONSTRAINT "idempotency_keys_done_by_claim" CHECK("idempotency_keys"."done_by" is null or "idempotency_keys"."done_by" = "idempotency_keys"."claim_id")
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `idempotency_keys_expiry` ON `idempotency_keys` (`expires_at`);
--> statement-breakpoint
CREATE TABLE `journal` (
	`aggregate_id` text NOT NULL,
	`version` integer NOT NULL,
	`change_id` text NOT NULL,
	`tenant` text NOT NULL,
	`name` text NOT NULL,
	`actor` text NOT NULL,
	`at` integer NOT NULL,
	`request_id` text NOT NULL,
	`data` text NOT NULL,
	PRIMARY KEY(`aggregate_id`, `version`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `notifications` (
	`user_id` text NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`data` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `offers` (
	`testimony_id` text NOT NULL,
	`id` text NOT NULL,
	`expert_id` text NOT NULL,
	`price_minor` integer NOT NULL,
	`commission_basis_points` integer NOT NULL,
	`delivery_days` integer NOT NULL,
	`notes` text,
	`accepted_at` integer,
	`withdrawn_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`testimony_id`, `id`),
	FOREIGN KEY (`testimony_id`) REFERENCES `testimonies`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `offers_by_id` ON `offers` (`id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `offers_live_of_expert` ON `offers` (`testimony_id`,`expert_id`) WHERE withdrawn_at is null;
--> statement-breakpoint
CREATE TABLE `outbox` (
	`aggregate_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`tenant` text NOT NULL,
	`type` text NOT NULL,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`aggregate_id`, `sequence`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `payout_accounts` (
	`user_id` text PRIMARY KEY NOT NULL,
	`stripe_account_id` text,
	`country` text NOT NULL,
	`state` text NOT NULL,
	`requirements` text NOT NULL,
	`due_at` integer,
	`created_at` integer NOT NULL,
	`checked_at` integer
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `payout_accounts_due` ON `payout_accounts` (`due_at`) WHERE due_at is not null;
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
	`reason` text,
	`transfer_id` text,
	`reversed_minor` integer NOT NULL,
	`due_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`testimony_id`, `id`),
	FOREIGN KEY (`testimony_id`,`checkout_id`) REFERENCES `checkouts`(`testimony_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `payouts_of_checkout` ON `payouts` (`testimony_id`,`checkout_id`);
--> statement-breakpoint
CREATE INDEX `payouts_due` ON `payouts` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE INDEX `payouts_held` ON `payouts` (`expert_id`) WHERE state = 'held';
--> statement-breakpoint
CREATE TABLE `postings` (
	`aggregate_id` text NOT NULL,
	`version` integer NOT NULL,
	`line` integer NOT NULL,
	`tenant` text NOT NULL,
	`account` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`reference` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`aggregate_id`, `version`, `line`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `receivable_entries` (
	`user_id` text NOT NULL,
	`payout_id` text NOT NULL,
	`kind` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `payout_id`, `kind`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `receivables` (
	`user_id` text NOT NULL,
	`currency` text NOT NULL,
	`remaining_minor` integer NOT NULL,
	PRIMARY KEY(`user_id`, `currency`),
	CONSTRAINT "receivables_remaining" CHECK("receivables"."remaining_minor" >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `refunds` (
	`testimony_id` text NOT NULL,
	`id` text NOT NULL,
	`checkout_id` text NOT NULL,
	`state` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`reason` text NOT NULL,
	`stripe_id` text,
	`failure` text,
	`due_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`testimony_id`, `id`),
	FOREIGN KEY (`testimony_id`,`checkout_id`) REFERENCES `checkouts`(`testimony_id`,`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `refunds_live` ON `refunds` (`testimony_id`,`checkout_id`) WHERE state <> 'failed';
--> statement-breakpoint
CREATE INDEX `refunds_due` ON `refunds` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE TABLE `stripe_effects` (
	`aggregate_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`subject_id` text NOT NULL,
	`params` text NOT NULL,
	`state` text NOT NULL,
	`generation` integer NOT NULL,
	`attempts` integer NOT NULL,
	`sent_at` integer,
	`due_at` integer,
	`result_id` text,
	`failure` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`aggregate_id`, `id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `stripe_effects_due` ON `stripe_effects` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE TABLE `stripe_events` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text,
	`type` text NOT NULL,
	`object_id` text NOT NULL,
	`aggregate_id` text,
	`payload` text NOT NULL,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer,
	`failure` text,
	`created_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`processed_at` integer
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `stripe_events_due` ON `stripe_events` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE INDEX `stripe_events_dead` ON `stripe_events` (`received_at`) WHERE state = 'dead';
--> statement-breakpoint
CREATE INDEX `stripe_events_of_aggregate` ON `stripe_events` (`aggregate_id`) WHERE aggregate_id is not null;
--> statement-breakpoint
CREATE TABLE `stripe_objects` (
	`stripe_id` text PRIMARY KEY NOT NULL,
	`aggregate_id` text NOT NULL,
	`subject_id` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `testimonies` (
	`id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`client_id` text NOT NULL,
	`expert_id` text,
	`accepted_offer_id` text,
	`price_minor` integer,
	`purpose` text NOT NULL,
	`region` text,
	`real_estate` text NOT NULL,
	`notes` text,
	`cancellation_reason` text,
	`needs_attention` text,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `testimonies_of_client` ON `testimonies` (`client_id`,`id`);
--> statement-breakpoint
CREATE INDEX `testimonies_offerable` ON `testimonies` (`region`,`id`) WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX `testimonies_attention` ON `testimonies` (`id`) WHERE needs_attention is not null;
--> statement-breakpoint
CREATE TABLE `user_emails` (
	`email` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `user_phones` (
	`phone` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`role` text NOT NULL,
	`email` text NOT NULL,
	`password_hash` text NOT NULL,
	`phone` text,
	`first_name` text,
	`last_name` text,
	`date_of_birth` text,
	`registration_number` text,
	`billing_address` text,
	`shipping_address` text,
	`company` text,
	`bank_account` text,
	`regions` text,
	`email_verified` integer NOT NULL,
	`newsletter_subscribed_at` integer,
	`terms_agreed_at` integer NOT NULL,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
-- What is booked stays booked: a correction is a new posting, never a changed one.
CREATE TRIGGER `postings_no_update` BEFORE UPDATE ON `postings` BEGIN SELECT RAISE(ABORT, 'postings are immutable'); END;--> statement-breakpoint
CREATE TRIGGER `postings_no_delete` BEFORE DELETE ON `postings` BEGIN SELECT RAISE(ABORT, 'postings are immutable'); END;--> statement-breakpoint
CREATE TRIGGER `journal_no_update` BEFORE UPDATE ON `journal` BEGIN SELECT RAISE(ABORT, 'the journal is immutable'); END;--> statement-breakpoint
CREATE TRIGGER `journal_no_delete` BEFORE DELETE ON `journal` BEGIN SELECT RAISE(ABORT, 'the journal is immutable'); END;
