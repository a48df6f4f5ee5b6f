import { env } from "cloudflare:workers";
import type { Errand } from "../../src/domain/errand";
import { deliver } from "../../src/webhooks/deliver";
import type { DeliveryDeps } from "../../src/webhooks/delivery";
import { wireDelivery } from "../../src/wire";
import { must, wired } from "../tenant";

/** An attempt that hangs until it is told how it ends. */
export interface HeldAttempt {
  end: (status: number) => Promise<void>;
}

/** Begins an attempt, reads what it needs, sends it, and leaves it hanging. */
export async function beginAttempt(errand: Errand): Promise<HeldAttempt> {
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const send = (() => {
    begun.resolve();
    return answer.promise;
  }) as typeof fetch;
  const deps: DeliveryDeps = { ...(await wireDelivery(env, "held")), send, timeoutMs: 60_000 };
  const over = deliver(deps, errand);
  await Promise.race([begun.promise, over]);
  return {
    async end(status) {
      answer.resolve(new Response(null, { status }));
      await over;
    },
  };
}

/** An event that waits for its first attempt at one endpoint, of which nobody has told the object that makes attempts. */
export async function waitingEvent({
  id,
}: {
  id: string;
}): Promise<Extract<Errand, { kind: "event" }> & { id: string }> {
  const quiet = { ...(await wired()), dispatch: async () => undefined };
  const { eventId } = await must(quiet, {
    name: "test-webhook-endpoint",
    input: { owner: "operator", actor: "operator:test", id },
  });
  // A test is sent like a replay; what happens by itself is not.
  await env.DB.prepare("update webhook_deliveries set replay = 0 where event_id = ?").bind(eventId).run();
  return { kind: "event", endpointId: id, eventId, id: `${id}.${eventId}` };
}
