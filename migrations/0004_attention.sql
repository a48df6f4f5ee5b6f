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
