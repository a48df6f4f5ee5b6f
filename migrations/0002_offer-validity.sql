ALTER TABLE `offers` ADD `valid_until` integer;
