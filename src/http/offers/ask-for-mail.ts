import type { Edge } from "../edge";
import type { Reply } from "../route";
import { guardSecrets } from "./credentials";

/** The mails that anybody may ask for, with the kind of guessing that each is counted as. */
const entries = { "reset-password": "reset-mail", "verify-email": "verify-mail" } as const;

/**
 * Has a link mailed to whoever has an e-mail, and answers the same if nobody has it. The user is looked for in the
 * queue, so that neither the answer nor its time tells whether there is one.
 */
export async function askForMail(
  edge: Edge,
  kind: keyof typeof entries,
  body: Parameters<typeof guardSecrets>[2],
  asked: Reply,
): Promise<Reply> {
  const stop = await guardSecrets(edge, entries[kind], body);
  if (stop) return stop;
  await edge.deps.enqueueCommands([{ name: "request-mail", input: { kind, email: body.email } }]);
  return asked;
}
