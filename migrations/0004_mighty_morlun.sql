DROP INDEX `checkouts_due`;
--> statement-breakpoint
CREATE INDEX `checkouts_open_due` ON `checkouts` (`due_at`) WHERE due_at is not null and state = 'open';
--> statement-breakpoint
CREATE INDEX `checkouts_due` ON `checkouts` (`due_at`) WHERE due_at is not null and state <> 'open';
--> statement-breakpoint
DROP INDEX `stripe_events_due`;
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
