import type { MailKind } from "../domain/offers/mail";

/** A mail's subject, and its text before and after the link. */
export type MailText = readonly [subject: string, before: string, after: string];

/** The texts of all mails. They are an asset, made by src/cli/build.ts, because no request needs them. */
export const mailTexts: Record<MailKind, MailText> = {
  "reset-password": [
    "Reset your password",
    "Somebody asked for a new password for your account. To choose one, open this link within fifteen minutes:",
    "If it was not you, ignore this mail: nothing has changed.",
  ],
  "verify-email": [
    "Confirm your e-mail address",
    "To confirm that this address is yours, open this link within fifteen minutes:",
    "If you have no account with us, ignore this mail.",
  ],
  "password-changed": [
    "Your password was changed",
    "The password of your account was changed, and its other sessions were ended.",
    "If it was not you, reset the password at once.",
  ],
  "email-changed": [
    "Your e-mail address was changed",
    "Your account has another e-mail address now, and this one is no longer in use.",
    "If it was not you, tell us at once.",
  ],
};
