ALTER TABLE `payment_disputes` ADD `app_id` text NOT NULL;
--> statement-breakpoint
ALTER TABLE `payment_disputes` ADD `reason` text NOT NULL;
--> statement-breakpoint
CREATE INDEX `payment_disputes_of_app` ON `payment_disputes` (`app_id`,`created_at`,`stripe_id`);
--> statement-breakpoint
ALTER TABLE `payment_refunds` ADD `app_id` text NOT NULL;
--> statement-breakpoint
CREATE INDEX `payment_refunds_of_app` ON `payment_refunds` (`app_id`,`id`);
--> statement-breakpoint
CREATE INDEX `offers_of_expert` ON `offers` (`expert_id`,`id`);
--> statement-breakpoint
CREATE INDEX `connected_accounts_by_email` ON `connected_accounts` (`developer_id`,`email`,`id`);
