import { env } from "cloudflare:workers";
import { buildDeliveryDeps } from "../../src/container";
import type { DeliveryJob } from "../../src/domain/webhooks/delivery-job";
import { testWebhookEndpoint } from "../../src/operations/webhooks/endpoints";
import { deliver } from "../../src/webhooks/deliver";
import type { DeliveryDeps } from "../../src/webhooks/delivery";
import { wired } from "../tenant";

/** An attempt that is held until the test ends it. */
export interface HeldAttempt {
  end: (status: number) => Promise<void>;
}

/** Begins an attempt, which reads what it needs and sends the request, and holds it. */
export async function beginAttempt(job: DeliveryJob): Promise<HeldAttempt> {
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const send = (() => {
    begun.resolve();
    return answer.promise;
  }) as typeof fetch;
  const deps: DeliveryDeps = { ...(await buildDeliveryDeps(env, "held")), send, timeoutMs: 60_000 };
  const over = deliver(deps, job);
  await Promise.race([begun.promise, over]);
  return {
    async end(status) {
      answer.resolve(new Response(null, { status }));
      await over;
    },
  };
}

/** Makes an event that waits for its first attempt at one endpoint, without enqueueing its job. */
export async function waitingEvent({
  id,
}: {
  id: string;
}): Promise<Extract<DeliveryJob, { kind: "event" }> & { id: string }> {
  const quiet = { ...(await wired()), enqueueDeliveries: async () => undefined };
  const done = await testWebhookEndpoint(quiet, { owner: "operator", actor: "operator:test", id });
  if (!done.ok) throw new Error(done.refusal);
  const { eventId } = done.value;
  // The test event is sent like a replay; this makes it an ordinary one.
  await env.DB.prepare("update webhook_deliveries set replay = 0 where event_id = ?").bind(eventId).run();
  return { kind: "event", endpointId: id, eventId, id: `${id}.${eventId}` };
}
