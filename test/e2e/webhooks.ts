/**
 * Tests outbound webhooks against a receiver of its own, which is not killed: an outage that loses nothing, a slow
 * endpoint that delays nobody, targets that are never called.
 */
import { startServer } from "./server.ts";
import { outageLosesNothing } from "./webhooks/outage.ts";
import { Receiver } from "./webhooks/receiver.ts";
import { slowEndpointDelaysNobody } from "./webhooks/slow-neighbour.ts";
import { hostileTargetsAreNeverCalled } from "./webhooks/spellings.ts";
import { Teller } from "./webhooks/teller.ts";

const startedMs = Date.now();
const receiver = new Receiver();
await receiver.up();
const server = await startServer();
const teller = new Teller(server.url);

await outageLosesNothing(server, receiver, teller); // the first, so that its endpoint receives all events
await slowEndpointDelaysNobody(receiver, teller);
await hostileTargetsAreNeverCalled(receiver, teller);

await server.remove();
await receiver.down();
console.log(`ok, ${((Date.now() - startedMs) / 1000).toFixed(0)} s`);
