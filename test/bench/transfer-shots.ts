import type { Journey } from "../journey.ts";
import { type Tenant, TransfersJourney } from "../transfers-journey.ts";
import type { Shot } from "./load.ts";

/** Less than the sixty a minute that an application may initiate, with room for one that is not measured. */
const eachSender = 50;

/** What a request needs of an application. */
export type Party = Pick<Tenant, "tag" | "token">;

let keys = 0;

/** Makes a request of an application, with a key if the route uses one. */
export function shotOf(
  url: string,
  { token }: Pick<Party, "token">,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Shot {
  keys += 1;
  const authorization = { Authorization: `Bearer ${token}` };
  return {
    method,
    url: `${url}/api/v1${path}`,
    headers: method === "GET" ? authorization : { ...authorization, "Idempotency-Key": `transfers-${keys}` },
    ...(body ? { body: JSON.stringify(body) } : {}),
    expected: path === "/transactions" ? 201 : 200,
  };
}

/** Makes the initiation of a transfer. */
export function initiateOf(url: string, sender: Party, receiver: Party): Shot {
  const terms = { senderTag: sender.tag, receiverTag: receiver.tag, amount: 15.25, narration: "Invoice" };
  return shotOf(url, sender, "POST", "/transactions", terms);
}

/** Makes the acceptance of the transfer in an answer. */
export function acceptOf(url: string, receiver: Party, initiated: string): Shot {
  return shotOf(url, receiver, "POST", `/transactions/${JSON.parse(initiated).data.reference}/accept`);
}

/**
 * Makes an application that others pay, none of which has webhooks. Each round has senders of its own, whose wallets
 * exist.
 */
export async function transfersAt(url: string, journey: Journey) {
  const walk = new TransfersJourney(journey);
  const receiver = await walk.tenant();
  return {
    async initiate(count: number): Promise<Shot[]> {
      const shots: Shot[] = [];
      while (shots.length < count) {
        const sender = await walk.tenant();
        await walk.initiated(sender, receiver);
        const length = Math.min(eachSender, count - shots.length);
        shots.push(...Array.from({ length }, () => initiateOf(url, sender, receiver)));
      }
      return shots;
    },
    accept: (initiated: string) => acceptOf(url, receiver, initiated),
  };
}
