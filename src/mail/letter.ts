import { addressMark, makeLinkSecret } from "../crypto/link-secret";
import type { MailKind } from "../domain/offers/mail";

export interface Sender {
  /** The platform's name. */
  name: string;
  frontendUrl: string;
}

export interface Recipient {
  kind: MailKind;
  userId: string;
  address: string;
  expiresAt: number;
}

/** A mail. Its text is plain, and holds nothing that a user has written, so that nobody can put words into our mouth. */
export interface Letter {
  to: string;
  subject: string;
  text: string;
  /** The SHA-256 of the link's secret, which itself is in the text only. */
  linkHash: string;
}

/** Subject, and the text before and after the link. */
const texts: Record<MailKind, readonly [string, string, string]> = {
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
    "The password of your account was changed, and all other sessions were ended.",
    "If it was not you, reset the password at once.",
  ],
  "email-changed": [
    "Your e-mail address was changed",
    "Your account has another e-mail address now, and this one is no longer in use.",
    "If it was not you, tell us at once.",
  ],
};

/** Writes a mail. The secret of its link is made here, of 256 random bits, and is kept nowhere. */
export function writeLetter({ name, frontendUrl }: Sender, recipient: Recipient): Letter {
  const { kind, address } = recipient;
  const { secret, hash } = makeLinkSecret();
  const link = linkOf(recipient, secret);
  const [subject, before, after] = texts[kind];
  return {
    to: address,
    subject: `${name}: ${subject}`,
    text: `${[before, ...(link === undefined ? [] : [frontendUrl + link]), after].join("\n\n")}\n`,
    linkHash: hash,
  };
}

/** Makes the link to the front end's page, in the form of the contract; undefined for a mail without one. */
function linkOf({ kind, userId, address, expiresAt }: Recipient, secret: string): string | undefined {
  if (kind === "reset-password") return `/reset-password?token=${secret}&email=${encodeURIComponent(address)}`;
  if (kind !== "verify-email") return undefined;
  const query = `expires=${Math.floor(expiresAt / 1000)}&signature=${secret}`;
  const path = `/api/v1/auth/email/verify/${userId}/${addressMark(address)}?${query}`;
  return `/verify-email?url=${encodeURIComponent(path)}`;
}
