CREATE TABLE `webhook_secrets` (
	`endpoint_id` text NOT NULL,
	`number` integer NOT NULL,
	`secret` text NOT NULL,
	`ends_at` integer,
	PRIMARY KEY(`endpoint_id`, `number`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `stripe_events` ADD `version` integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE `webhook_deliveries` ADD `version` integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE `transfer_webhooks` ADD `version` integer DEFAULT 1 NOT NULL;
--> statement-breakpoint
ALTER TABLE `webhook_endpoints` DROP COLUMN `secret`;
--> statement-breakpoint
ALTER TABLE `webhook_endpoints` DROP COLUMN `previous_secret`;
--> statement-breakpoint
ALTER TABLE `webhook_endpoints` DROP COLUMN `previous_secret_until`;
