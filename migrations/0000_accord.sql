CREATE TABLE `access_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`prefix` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer NOT NULL,
	`network` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `access_tokens_expiry` ON `access_tokens` (`expires_at`);
--> statement-breakpoint
CREATE INDEX `access_tokens_of_user` ON `access_tokens` (`user_id`);
--> statement-breakpoint
CREATE TABLE `mails` (
	`user_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`address` text NOT NULL,
	`link_hashes` text NOT NULL,
	`attempts` integer NOT NULL,
	`created_at` integer NOT NULL,
	`sent_at` integer,
	`due_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `mails_due` ON `mails` (`due_at`) WHERE sent_at is null;
--> statement-breakpoint
CREATE INDEX `mails_over` ON `mails` (`due_at`) WHERE sent_at is not null;
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
CREATE TABLE `receivables` (
	`user_id` text NOT NULL,
	`currency` text NOT NULL,
	`remaining_minor` integer NOT NULL,
	PRIMARY KEY(`user_id`, `currency`),
	CONSTRAINT "receivables_remaining" CHECK("receivables"."remaining_minor" >= 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `receivables_owed` ON `receivables` (`remaining_minor`) WHERE remaining_minor > 0;
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
	`suspended_at` integer,
	`deleted_at` integer,
	`created_at` integer NOT NULL,
	CONSTRAINT "users_deleted" CHECK("users"."deleted_at" > 0)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `users_by_phone` ON `users` (`phone`) WHERE phone is not null;
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
CREATE UNIQUE INDEX `checkouts_by_id` ON `checkouts` (`id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `checkouts_payable` ON `checkouts` (`testimony_id`,`offer_id`,`client_id`) WHERE payable = 1;
--> statement-breakpoint
CREATE INDEX `checkouts_due` ON `checkouts` (`due_at`) WHERE due_at is not null and state <> 'open';
--> statement-breakpoint
CREATE INDEX `checkouts_open_due` ON `checkouts` (`due_at`) WHERE due_at is not null and state = 'open';
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
CREATE TABLE `offers` (
	`testimony_id` text NOT NULL,
	`id` text NOT NULL,
	`expert_id` text NOT NULL,
	`price_minor` integer NOT NULL,
	`commission_basis_points` integer NOT NULL,
	`delivery_days` integer NOT NULL,
	`notes` text,
	`valid_until` integer,
	`accepted_at` integer,
	`withdrawn_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`testimony_id`, `id`),
	FOREIGN KEY (`testimony_id`) REFERENCES `testimonies`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `offers_by_id` ON `offers` (`id`);
--> statement-breakpoint
CREATE INDEX `offers_of_expert` ON `offers` (`expert_id`,`id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `offers_live_of_expert` ON `offers` (`testimony_id`,`expert_id`) WHERE withdrawn_at is null;
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
	`release_on` text,
	`release_at` integer,
	`held_since` integer,
	`covered_minor` integer,
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
CREATE UNIQUE INDEX `payouts_by_id` ON `payouts` (`id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `payouts_of_checkout` ON `payouts` (`testimony_id`,`checkout_id`);
--> statement-breakpoint
CREATE INDEX `payouts_due` ON `payouts` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE INDEX `payouts_held` ON `payouts` (`expert_id`) WHERE state = 'held';
--> statement-breakpoint
CREATE INDEX `payouts_held_since` ON `payouts` (`held_since`) WHERE state = 'held';
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
CREATE UNIQUE INDEX `refunds_by_id` ON `refunds` (`id`);
--> statement-breakpoint
CREATE INDEX `refunds_due` ON `refunds` (`due_at`) WHERE due_at is not null;
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
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `testimonies_of_client` ON `testimonies` (`client_id`,`id`);
--> statement-breakpoint
CREATE INDEX `testimonies_of_expert` ON `testimonies` (`expert_id`,`id`) WHERE expert_id is not null;
--> statement-breakpoint
CREATE INDEX `testimonies_offerable` ON `testimonies` (`region`,`id`) WHERE state = 'pending';
--> statement-breakpoint
CREATE TABLE `app_users` (
	`id` text PRIMARY KEY NOT NULL,
	`developer_id` text NOT NULL,
	`app_id` text NOT NULL,
	`external_id` text,
	`number` integer NOT NULL,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `app_users_of_app` ON `app_users` (`app_id`,`number`);
--> statement-breakpoint
CREATE UNIQUE INDEX `app_users_by_external_id` ON `app_users` (`app_id`,`external_id`) WHERE external_id is not null;
--> statement-breakpoint
CREATE TABLE `apps` (
	`id` text PRIMARY KEY NOT NULL,
	`developer_id` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `apps_of_developer` ON `apps` (`developer_id`,`id`);
--> statement-breakpoint
CREATE TABLE `connected_accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`developer_id` text NOT NULL,
	`email` text NOT NULL,
	`country` text NOT NULL,
	`stripe_id` text,
	`state` text NOT NULL,
	`requirements` text NOT NULL,
	`live` integer,
	`events_read_at` integer NOT NULL,
	`due_at` integer,
	`created_at` integer NOT NULL,
	`checked_at` integer
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `connected_accounts_live` ON `connected_accounts` (`developer_id`,`email`) WHERE live = 1;
--> statement-breakpoint
CREATE INDEX `connected_accounts_of_developer` ON `connected_accounts` (`developer_id`,`id`);
--> statement-breakpoint
CREATE INDEX `connected_accounts_by_email` ON `connected_accounts` (`developer_id`,`email`,`id`);
--> statement-breakpoint
CREATE INDEX `connected_accounts_due` ON `connected_accounts` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE TABLE `developer_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`prefix` text NOT NULL,
	`developer_id` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`last_used_at` integer
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `developer_tokens_of_developer` ON `developer_tokens` (`developer_id`);
--> statement-breakpoint
CREATE TABLE `developers` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`registration` text,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `developers_by_email` ON `developers` (`email`);
--> statement-breakpoint
CREATE TABLE `customers` (
	`user_id` text NOT NULL,
	`stripe_account_id` text NOT NULL,
	`stripe_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `stripe_account_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `customers_by_stripe_id` ON `customers` (`stripe_id`);
--> statement-breakpoint
CREATE TABLE `orders` (
	`developer_id` text NOT NULL,
	`app_id` text NOT NULL,
	`order_id` text NOT NULL,
	`id` text NOT NULL,
	`state` text NOT NULL,
	`waiting` integer,
	`account_id` text NOT NULL,
	`stripe_account_id` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`application_fee_minor` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`order_id`, `developer_id`, `app_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `orders_waiting` ON `orders` (`developer_id`,`app_id`,`created_at`) WHERE waiting = 1;
--> statement-breakpoint
CREATE TABLE `payment_disputes` (
	`payment_id` text NOT NULL,
	`stripe_id` text NOT NULL,
	`app_id` text NOT NULL,
	`state` text NOT NULL,
	`reason` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`due_by` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`payment_id`, `stripe_id`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `payment_disputes_by_stripe_id` ON `payment_disputes` (`stripe_id`);
--> statement-breakpoint
CREATE INDEX `payment_disputes_of_app` ON `payment_disputes` (`app_id`,`created_at`,`stripe_id`);
--> statement-breakpoint
CREATE TABLE `payment_methods` (
	`user_id` text NOT NULL,
	`id` text NOT NULL,
	`developer_id` text NOT NULL,
	`app_id` text NOT NULL,
	`account_id` text,
	`stripe_account_id` text NOT NULL,
	`type` text NOT NULL,
	`state` text NOT NULL,
	`given_id` text NOT NULL,
	`stripe_id` text,
	`fingerprint` text,
	`brand` text,
	`last4` text,
	`exp_month` integer,
	`exp_year` integer,
	`preferred` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `id`),
	FOREIGN KEY (`user_id`) REFERENCES `app_users`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_methods_by_id` ON `payment_methods` (`id`);
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_methods_preferred` ON `payment_methods` (`user_id`) WHERE preferred = 1;
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_methods_card` ON `payment_methods` (`user_id`,`stripe_account_id`,`fingerprint`) WHERE state = 'active' and fingerprint is not null;
--> statement-breakpoint
CREATE TABLE `payment_refunds` (
	`payment_id` text NOT NULL,
	`id` text NOT NULL,
	`app_id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`reason` text,
	`stripe_id` text,
	`failure` text,
	`pending_reason` text,
	`request_key` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`payment_id`, `id`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_refunds_by_id` ON `payment_refunds` (`id`);
--> statement-breakpoint
CREATE INDEX `payment_refunds_of_app` ON `payment_refunds` (`app_id`,`id`);
--> statement-breakpoint
CREATE INDEX `payment_refunds_by_stripe_id` ON `payment_refunds` (`stripe_id`) WHERE stripe_id is not null;
--> statement-breakpoint
CREATE TABLE `payments` (
	`id` text PRIMARY KEY NOT NULL,
	`developer_id` text NOT NULL,
	`app_id` text NOT NULL,
	`user_id` text NOT NULL,
	`order_id` text NOT NULL,
	`account_id` text NOT NULL,
	`stripe_account_id` text NOT NULL,
	`state` text NOT NULL,
	`capture_method` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`application_fee_minor` integer NOT NULL,
	`description` text,
	`statement_descriptor_suffix` text,
	`receipt_email` text,
	`metadata` text,
	`live` integer,
	`stripe_id` text,
	`client_secret` text,
	`payment_method_id` text,
	`charge_id` text,
	`captured_minor` integer NOT NULL,
	`refunded_minor` integer NOT NULL,
	`capture_before` integer,
	`warned_at` integer,
	`next_action` text,
	`last_error` text,
	`due_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	CONSTRAINT "payments_captured" CHECK("payments"."captured_minor" between 0 and "payments"."amount_minor"),
	CONSTRAINT "payments_refunded" CHECK("payments"."refunded_minor" between 0 and "payments"."captured_minor")
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `payments_of_order` ON `payments` (`order_id`,`developer_id`,`app_id`,`live`);
--> statement-breakpoint
CREATE INDEX `payments_of_app` ON `payments` (`developer_id`,`app_id`,`id`);
--> statement-breakpoint
CREATE INDEX `payments_of_charge` ON `payments` (`charge_id`) WHERE charge_id is not null;
--> statement-breakpoint
CREATE INDEX `payments_due` ON `payments` (`due_at`) WHERE due_at is not null and not state in ('requires_payment_method', 'requires_confirmation', 'requires_action');
--> statement-breakpoint
CREATE INDEX `payments_unpaid_due` ON `payments` (`due_at`) WHERE due_at is not null and state in ('requires_payment_method', 'requires_confirmation', 'requires_action');
--> statement-breakpoint
CREATE TABLE `secrets` (
	`owner_id` text NOT NULL,
	`kind` text NOT NULL,
	`number` integer NOT NULL,
	`secret` text NOT NULL,
	`prefix` text,
	`created_at` integer NOT NULL,
	`used_at` integer,
	`ends_at` integer,
	PRIMARY KEY(`owner_id`, `kind`, `number`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `attention` (
	`aggregate_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`about_kind` text NOT NULL,
	`about_id` text NOT NULL,
	`since` integer NOT NULL,
	`amount_minor` integer,
	`currency` text,
	`note` text,
	`due_by` integer,
	`cleared_at` integer,
	`cleared_by` text,
	`cleared_note` text,
	PRIMARY KEY(`aggregate_id`, `id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `attention_stands_once` ON `attention` (`aggregate_id`,`kind`,`about_id`) WHERE cleared_at is null;
--> statement-breakpoint
CREATE INDEX `attention_open` ON `attention` (`since`) WHERE cleared_at is null;
--> statement-breakpoint
CREATE TABLE `attention_told` (
	`kind` text NOT NULL,
	`aggregate_id` text NOT NULL,
	`about_id` text NOT NULL,
	`about_kind` text NOT NULL,
	`since` integer NOT NULL,
	`told_at` integer NOT NULL,
	PRIMARY KEY(`kind`, `aggregate_id`, `about_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `cursors` (
	`name` text PRIMARY KEY NOT NULL,
	`value` integer NOT NULL,
	`moved_at` integer,
	`position` text
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
CREATE TABLE `outbox` (
	`aggregate_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`tenant` text NOT NULL,
	`type` text NOT NULL,
	`data` text NOT NULL,
	`at` integer NOT NULL,
	`erased_at` integer,
	PRIMARY KEY(`aggregate_id`, `sequence`)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX `postings_moved` ON `postings` (`at`) WHERE line = 0;
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
	`last_sent_at` integer NOT NULL,
	`look` text,
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
	`version` integer DEFAULT 1 NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer,
	`failure` text,
	`created_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`processed_at` integer,
	`closed_by` text,
	`note` text
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `stripe_events_due` ON `stripe_events` (`due_at`) WHERE due_at is not null and state = 'received';
--> statement-breakpoint
CREATE INDEX `stripe_events_over` ON `stripe_events` (`due_at`) WHERE due_at is not null and state = 'processed';
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
CREATE TABLE `applications` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`app_handle` text NOT NULL,
	`registration` text,
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
CREATE INDEX `tags_of_application` ON `tags` (`application_id`,`id`);
--> statement-breakpoint
CREATE TABLE `settlement_batches` (
	`day` text NOT NULL,
	`currency` text NOT NULL,
	`id` text NOT NULL,
	`status` text NOT NULL,
	`total_credited_high` integer NOT NULL,
	`total_credited_low` integer NOT NULL,
	`total_debited_high` integer NOT NULL,
	`total_debited_low` integer NOT NULL,
	`transaction_count` integer NOT NULL,
	`application_count` integer NOT NULL,
	`error_message` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`day`, `currency`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `settlement_batches_by_id` ON `settlement_batches` (`id`);
--> statement-breakpoint
CREATE INDEX `settlement_batches_failed` ON `settlement_batches` (`created_at`) WHERE status = 'FAILED';
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
CREATE INDEX `settlement_entries_of_wallet` ON `settlement_entries` (`application_id`,`currency`,`day`);
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
	`version` integer DEFAULT 1 NOT NULL,
	`attempts` integer NOT NULL,
	`last_error` text,
	`last_attempt_at` integer,
	`delivered_at` integer,
	`due_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`reference`, `direction`, `event_type`)
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
	`cancelled_at` integer,
	`external_id` text,
	`metadata` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `transfers_by_external_id` ON `transfers` (`sender_app_id`,`external_id`) WHERE external_id is not null;
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
CREATE TABLE `webhook_attempts` (
	`endpoint_id` text NOT NULL,
	`event_id` text NOT NULL,
	`number` integer NOT NULL,
	`at` integer NOT NULL,
	`duration_ms` integer NOT NULL,
	`outcome` text NOT NULL,
	`status` integer,
	`excerpt` text,
	`next_attempt_at` integer,
	PRIMARY KEY(`endpoint_id`, `event_id`, `number`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`endpoint_id` text NOT NULL,
	`event_id` text NOT NULL,
	`aggregate_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`type` text NOT NULL,
	`state` text NOT NULL,
	`replay` integer NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer,
	`failed_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`endpoint_id`, `event_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`due_at`) WHERE due_at is not null and (state = 'pending' or replay = 1);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_over` ON `webhook_deliveries` (`due_at`) WHERE due_at is not null and not (state = 'pending' or replay = 1);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_failed` ON `webhook_deliveries` (`endpoint_id`,`event_id`) WHERE state = 'failed';
--> statement-breakpoint
CREATE TABLE `webhook_endpoints` (
	`id` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`wire` text NOT NULL,
	`url` text NOT NULL,
	`description` text,
	`events` text NOT NULL,
	`metadata` text NOT NULL,
	`enabled` integer NOT NULL,
	`disabled_reason` text,
	`failing_since` integer,
	`warned_at` integer,
	`disabled_at` integer,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `webhook_endpoints_of_owner` ON `webhook_endpoints` (`owner`,`id`);
--> statement-breakpoint
CREATE INDEX `webhook_endpoints_disabled` ON `webhook_endpoints` (`disabled_at`) WHERE disabled_at is not null;
--> statement-breakpoint
CREATE TRIGGER `postings_no_update` BEFORE UPDATE ON `postings` BEGIN SELECT RAISE(ABORT, 'postings are immutable'); END;--> statement-breakpoint
CREATE TRIGGER `postings_no_delete` BEFORE DELETE ON `postings` BEGIN SELECT RAISE(ABORT, 'postings are immutable'); END;--> statement-breakpoint
CREATE TRIGGER `journal_no_update` BEFORE UPDATE ON `journal` BEGIN SELECT RAISE(ABORT, 'the journal is immutable'); END;--> statement-breakpoint
CREATE TRIGGER `journal_no_delete` BEFORE DELETE ON `journal` BEGIN SELECT RAISE(ABORT, 'the journal is immutable'); END;--> statement-breakpoint
CREATE TRIGGER `wallet_entries_no_update` BEFORE UPDATE ON `wallet_entries` BEGIN SELECT RAISE(ABORT, 'wallet entries are immutable'); END;--> statement-breakpoint
CREATE TRIGGER `wallet_entries_no_delete` BEFORE DELETE ON `wallet_entries` BEGIN SELECT RAISE(ABORT, 'wallet entries are immutable'); END;--> statement-breakpoint
-- A deleted user begins nothing new, whatever was under way. Worded like constraints, as below.
CREATE TRIGGER `testimonies_of_deleted` BEFORE INSERT ON `testimonies` WHEN EXISTS (SELECT 1 FROM `users` WHERE `id` = NEW.`client_id` AND `deleted_at` IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: users_deleted'); END;--> statement-breakpoint
CREATE TRIGGER `offers_of_deleted` BEFORE INSERT ON `offers` WHEN EXISTS (SELECT 1 FROM `users` WHERE `id` = NEW.`expert_id` AND `deleted_at` IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: users_deleted'); END;--> statement-breakpoint
CREATE TRIGGER `payout_accounts_of_deleted` BEFORE INSERT ON `payout_accounts` WHEN EXISTS (SELECT 1 FROM `users` WHERE `id` = NEW.`user_id` AND `deleted_at` IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: users_deleted'); END;--> statement-breakpoint
CREATE TRIGGER `payout_accounts_again_of_deleted` BEFORE UPDATE OF `country` ON `payout_accounts` WHEN EXISTS (SELECT 1 FROM `users` WHERE `id` = NEW.`user_id` AND `deleted_at` IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: users_deleted'); END;--> statement-breakpoint
-- A closed day takes no more entries, nor does an earlier one. Worded like a constraint, because it is one: across two tables, which a CHECK cannot see.
CREATE TRIGGER `wallet_entries_open_day` BEFORE INSERT ON `wallet_entries` WHEN EXISTS (SELECT 1 FROM `settlement_days` WHERE `day` >= NEW.`day`) BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: settlement_days_open'); END;
