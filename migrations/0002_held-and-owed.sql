ALTER TABLE `payouts` ADD `covered_minor` integer;
--> statement-breakpoint
CREATE INDEX `receivables_owed` ON `receivables` (`remaining_minor`) WHERE remaining_minor > 0;
