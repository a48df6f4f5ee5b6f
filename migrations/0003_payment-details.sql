ALTER TABLE `payments` ADD `description` text;
--> statement-breakpoint
ALTER TABLE `payments` ADD `statement_descriptor_suffix` text;
--> statement-breakpoint
ALTER TABLE `payments` ADD `receipt_email` text;
--> statement-breakpoint
ALTER TABLE `payments` ADD `metadata` text;
