ALTER TABLE `payouts` ADD `release_on` text;
--> statement-breakpoint
ALTER TABLE `payouts` ADD `release_at` integer;
