import { type Letter, type Recipient, type Sender, writeLetter } from "./letter";

/** Sends mails to users. A mail can fail to go out, and can have gone out although an error says otherwise. */
export interface Mailer {
  /** Writes a mail, with a new link if its kind has one. */
  write: (recipient: Recipient) => Promise<Letter>;
  /**
   * Sends a mail, or throws. A mailer that knows `key` already sends nothing. Each attempt has a key of its own, because
   * its link is its own.
   */
  send: (letter: Letter, key: string) => Promise<void>;
}

/** How mails leave: by HTTP where there is a URL, else by Cloudflare's Email Service. */
export interface Route {
  from: string | undefined;
  url: string | undefined;
  token: string | undefined;
  /** The `send_email` binding. */
  binding: Pick<SendEmail, "send"> | undefined;
  fetch: typeof fetch;
}

const timeoutMs = 10_000;

/** Opens the mailer that is configured; undefined if none is. */
export function openMailer({ from, url, token, binding, fetch }: Route, sender: Sender): Mailer | undefined {
  if (from === undefined || (url ?? binding) === undefined) return undefined;
  return {
    write: (recipient) => writeLetter(sender, recipient),
    async send({ to, subject, text }, key) {
      const mail = { from, to, subject, text };
      if (url === undefined) return void (await binding?.send(mail));
      const response = await fetch(url, {
        method: "POST",
        headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify(mail),
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`the mailer answered ${response.status}`);
    },
  };
}
