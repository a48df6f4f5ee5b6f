/**
 * The way in which a shopper allowed a debit of a bank account, as the caller describes it: on a page, from an address
 * and with a browser, or otherwise (on paper, by telephone).
 */
export type MandateAcceptance = { acceptedAtMs: number | null } & (
  | { type: "online"; ipAddress: string; userAgent: string }
  | { type: "offline" }
);
