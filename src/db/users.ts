import type { Address, Company, users } from "./schema";

/** A user without the password's hash. */
export type User = Omit<typeof users.$inferSelect, "passwordHash">;

/** What an expert registers with (offers.md section 2.7). */
export interface RegisteredExpert {
  email: string;
  phone: string;
  firstName: string;
  lastName: string;
  /** ISO date. */
  dateOfBirth: string;
  billingAddress: Address;
  company: Company;
  bankAccount: { iban: string };
  registrationNumber: string;
  regions: string[];
}

/** A partial update (offers.md section 2.8): omitted members stay as they are. */
export interface ProfileChanges {
  email?: string;
  phone?: string | null;
  passwordHash?: string;
  firstName?: string | null;
  lastName?: string | null;
  billingAddress?: Address | null;
  shippingAddress?: Address | null;
  company?: Company | null;
  bankAccount?: { iban: string } | null;
  newsletterSubscribed?: boolean;
  regions?: string[];
}
