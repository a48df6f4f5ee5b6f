/** The bank debits that the emulator knows: each needs a mandate of the account's holder. */
export type DebitType = "sepa_debit" | "bacs_debit" | "au_becs_debit" | "us_bank_account";
