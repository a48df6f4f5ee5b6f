CREATE TABLE `app_users` (
	`id` text PRIMARY KEY NOT NULL,
	`developer_id` text NOT NULL,
	`app_id` text NOT NULL,
	`external_id` text,
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
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
CREATE INDEX `connected_accounts_due` ON `connected_accounts` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE TABLE `customers` (
	`user_id` text NOT NULL,
	`stripe_account_id` text NOT NULL,
	`stripe_id` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `stripe_account_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `developer_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`prefix` text NOT NULL,
	`developer_id` text NOT NULL,
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
	`created_at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `developers_by_email` ON `developers` (`email`);
--> statement-breakpoint
CREATE TABLE `orders` (
	`developer_id` text NOT NULL,
	`app_id` text NOT NULL,
	`order_id` text NOT NULL,
	`id` text NOT NULL,
	`state` text NOT NULL,
	`account_id` text NOT NULL,
	`stripe_account_id` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`application_fee_minor` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`developer_id`, `app_id`, `order_id`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `payment_disputes` (
	`payment_id` text NOT NULL,
	`stripe_id` text NOT NULL,
	`state` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`payment_id`, `stripe_id`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
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
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`currency` text NOT NULL,
	`amount_minor` integer NOT NULL,
	`reason` text,
	`stripe_id` text,
	`failure` text,
	`request_key` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`payment_id`, `id`),
	FOREIGN KEY (`payment_id`) REFERENCES `payments`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `payment_refunds_by_id` ON `payment_refunds` (`id`);
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
CREATE UNIQUE INDEX `payments_of_order` ON `payments` (`developer_id`,`app_id`,`order_id`,`live`);
--> statement-breakpoint
CREATE INDEX `payments_of_app` ON `payments` (`developer_id`,`app_id`,`id`);
--> statement-breakpoint
CREATE INDEX `payments_due` ON `payments` (`due_at`) WHERE due_at is not null;
