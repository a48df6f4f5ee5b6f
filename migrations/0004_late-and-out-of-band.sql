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
DROP INDEX `testimonies_attention`;
--> statement-breakpoint
ALTER TABLE `testimonies` DROP COLUMN `needs_attention`;
--> statement-breakpoint
DROP INDEX `checkouts_due`;
--> statement-breakpoint
CREATE INDEX `checkouts_open_due` ON `checkouts` (`due_at`) WHERE due_at is not null and state = 'open';
--> statement-breakpoint
CREATE INDEX `checkouts_due` ON `checkouts` (`due_at`) WHERE due_at is not null and state <> 'open';
--> statement-breakpoint
DROP INDEX `stripe_events_due`;
--> statement-breakpoint
ALTER TABLE `stripe_events` ADD `closed_by` text;
--> statement-breakpoint
ALTER TABLE `stripe_events` ADD `note` text;
--> statement-breakpoint
CREATE INDEX `stripe_events_over` ON `stripe_events` (`due_at`) WHERE due_at is not null and state = 'processed';
--> statement-breakpoint
CREATE INDEX `stripe_events_due` ON `stripe_events` (`due_at`) WHERE due_at is not null and state = 'received';
--> statement-breakpoint
DROP INDEX `webhook_deliveries_due`;
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_over` ON `webhook_deliveries` (`due_at`) WHERE due_at is not null and not (state = 'pending' or replay = 1);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`due_at`) WHERE due_at is not null and (state = 'pending' or replay = 1);
--> statement-breakpoint
DROP INDEX `payments_due`;
--> statement-breakpoint
CREATE INDEX `payments_unpaid_due` ON `payments` (`due_at`) WHERE due_at is not null and state in ('requires_payment_method', 'requires_confirmation', 'requires_action');
--> statement-breakpoint
CREATE INDEX `payments_due` ON `payments` (`due_at`) WHERE due_at is not null and not state in ('requires_payment_method', 'requires_confirmation', 'requires_action');
--> statement-breakpoint
ALTER TABLE `cursors` ADD `position` text;
--> statement-breakpoint
ALTER TABLE `stripe_effects` ADD `last_sent_at` integer NOT NULL;
--> statement-breakpoint
ALTER TABLE `stripe_effects` ADD `look` text;
