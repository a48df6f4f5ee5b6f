import { addressMark, makeLinkSecret } from "../crypto/link-secret";
import type { MailKind } from "../domain/offers/mail";
import type { MailText } from "./texts";

export interface Sender {
  /** The platform's name. */
  name: string;
  frontendUrl: string;
  /** Reads the texts of all mails. */
  texts: () => Promise<Record<MailKind, MailText>>;
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

/** Writes a mail. The secret of its link is made here, and is kept nowhere. */
export async function writeLetter({ name, frontendUrl, texts }: Sender, recipient: Recipient): Promise<Letter> {
  const { kind, address } = recipient;
  const { secret, hash } = makeLinkSecret();
  const path = linkOf(recipient, secret);
  const [subject, before, after] = (await texts())[kind];
  const parts = [before, ...(path === undefined ? [] : [frontendUrl + path]), after];
  return { to: address, subject: `${name}: ${subject}`, text: `${parts.join("\n\n")}\n`, linkHash: hash };
}

/** Makes the path of the front end's page, in the form of the contract; undefined for a mail without a link. */
function linkOf({ kind, userId, address, expiresAt }: Recipient, secret: string): string | undefined {
  if (kind === "reset-password") return `/reset-password?token=${secret}&email=${encodeURIComponent(address)}`;
  if (kind !== "verify-email") return undefined;
  const query = `expires=${Math.floor(expiresAt / 1000)}&signature=${secret}`;
  const path = `/api/v1/auth/email/verify/${userId}/${addressMark(address)}?${query}`;
  return `/verify-email?url=${encodeURIComponent(path)}`;
}
