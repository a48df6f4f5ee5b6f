ALTER TABLE `payouts` ADD `covered_minor` integer;
--> statement-breakpoint
CREATE INDEX `receivables_owed` ON `receivables` (`user_id`) WHERE remaining_minor > 0;
