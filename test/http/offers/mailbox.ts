import type { Journey } from "../../journey";

export interface Mail {
  from: string;
  to: string;
  subject: string;
  text: string;
  key: string;
}

/** Lists the mails to an address that have reached the sandbox's mailer, oldest first. */
export async function mailsTo(journey: Journey, address: string): Promise<Mail[]> {
  await journey.advance(0); // answers when the queue has worked
  const { body } = await journey.control("GET", "inbox?box=mail");
  const arrived = body.received as { headers: Record<string, string>; body: string }[];
  const mails = arrived.map(({ headers, body }) => ({ ...JSON.parse(body), key: headers["idempotency-key"] }) as Mail);
  return mails.filter(({ to }) => to === address).reverse();
}

/** Returns the newest mail to an address whose subject has these words. */
export async function newestMail(journey: Journey, address: string, words: string): Promise<Mail> {
  const mail = (await mailsTo(journey, address)).findLast(({ subject }) => subject.includes(words));
  if (!mail) throw new Error(`no mail with "${words}" to ${address}`);
  return mail;
}

/** Returns the query of the link in a mail. */
export function linkIn({ text }: Mail): URLSearchParams {
  return new URL(/^http\S+$/m.exec(text)?.[0] ?? "").searchParams;
}

/** Tells the sandbox's mailer how to answer. */
export function mailerAnswers(journey: Journey, mode: "ok" | "fail" | "hang"): Promise<unknown> {
  return journey.control("POST", "inbox", { box: "mail", mode });
}

/** Asks for a link that resets the password, and returns the secret of the mail that comes. */
export async function resetTokenFor(journey: Journey, email: string): Promise<string> {
  await journey.must(202, "POST", "/auth/password/email", { body: { email } });
  return linkIn(await newestMail(journey, email, "Reset")).get("token") ?? "";
}

/** Returns the request that the newest link to verify an e-mail stands for, below `/api/v1`. */
export async function verifyPathFor(journey: Journey, email: string): Promise<string> {
  const path = linkIn(await newestMail(journey, email, "Confirm")).get("url") ?? "";
  return path.replace("/api/v1", "");
}
