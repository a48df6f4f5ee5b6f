ALTER TABLE `cursors` ADD `position` text;
--> statement-breakpoint
ALTER TABLE `stripe_effects` ADD `last_sent_at` integer NOT NULL;
--> statement-breakpoint
ALTER TABLE `stripe_effects` ADD `look` text;
--> statement-breakpoint
ALTER TABLE `stripe_events` ADD `closed_by` text;
--> statement-breakpoint
ALTER TABLE `stripe_events` ADD `note` text;
