PRAGMA defer_foreign_keys=true;
--> statement-breakpoint
CREATE TABLE `__old_transfer_webhooks` AS SELECT * FROM `transfer_webhooks`;
--> statement-breakpoint
DROP TABLE `transfer_webhooks`;
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
INSERT INTO `transfer_webhooks`("reference", "direction", "id", "transfer_id", "application_id", "application_name", "target_url", "event_type", "state", "version", "attempts", "last_error", "last_attempt_at", "delivered_at", "due_at", "created_at", "updated_at") SELECT "reference", "direction", "id", "transfer_id", "application_id", "application_name", "target_url", "event_type", "state", "version", "attempts", "last_error", "last_attempt_at", "delivered_at", "due_at", "created_at", "updated_at" FROM `__old_transfer_webhooks`;
--> statement-breakpoint
DROP TABLE `__old_transfer_webhooks`;
--> statement-breakpoint
CREATE INDEX `transfer_webhooks_due` ON `transfer_webhooks` (`due_at`) WHERE due_at is not null;
--> statement-breakpoint
CREATE INDEX `transfer_webhooks_failed` ON `transfer_webhooks` (`application_id`,`created_at`,`reference`) WHERE state = 'FAILED';
--> statement-breakpoint
ALTER TABLE `transfers` ADD `cancelled_at` integer;
--> statement-breakpoint
ALTER TABLE `transfers` ADD `external_id` text;
--> statement-breakpoint
ALTER TABLE `transfers` ADD `metadata` text;
--> statement-breakpoint
CREATE UNIQUE INDEX `transfers_by_external_id` ON `transfers` (`sender_app_id`,`external_id`) WHERE external_id is not null;
--> statement-breakpoint
CREATE INDEX `tags_of_application` ON `tags` (`application_id`,`id`);
