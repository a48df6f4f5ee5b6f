ALTER TABLE `payment_refunds` ADD `pending_reason` text;
