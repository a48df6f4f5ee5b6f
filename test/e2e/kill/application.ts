import type { Journey } from "../../journey.ts";
import { type Tenant, TransfersJourney } from "../../transfers-journey.ts";
import { transferDecimals, written } from "../../written-amount.ts";
import { Receiver } from "../webhooks/receiver.ts";
import { transferUnits } from "./amounts.ts";
import type { Chance } from "./chance.ts";
import type { TransferStory } from "./evidence.ts";
import { expected, keyed, type Line, together, untilCutOff } from "./keyed.ts";

/** The load of the transfers contract: applications that pay each other, and their server, which is not killed. */
export interface GuildLoad extends Line {
  tenants: Tenant[];
  receiver: Receiver;
}

/** Registers so many applications, all with webhooks. */
export async function openGuild(line: Line, journey: Journey, applications: number): Promise<GuildLoad> {
  const walk = new TransfersJourney(journey);
  const receiver = new Receiver();
  await receiver.up();
  const load: GuildLoad = { ...line, tenants: [], receiver };
  for (let index = 0; index < applications; index += 1) {
    load.tenants.push(await walk.tenant({ webhookUrl: receiver.url("receiver") }));
  }
  return load;
}

/** Renews all tokens: they last for an hour, and every round moves the clock. */
export async function renewTokens({ tenants }: GuildLoad, journey: Journey): Promise<void> {
  const walk = new TransfersJourney(journey);
  for (const tenant of tenants) tenant.token = await walk.token(tenant);
}

/**
 * Simulates one application: it initiates, and its partner accepts, rejects, does both at once, or nothing. Several
 * make the load.
 */
export function liveAsApplication(load: GuildLoad, decide: Chance): Promise<void> {
  return untilCutOff(load, async () => {
    const story = await initiate(load, decide);
    if (!story || decide.often(0.1)) return;
    if (decide.often(0.2))
      await together([() => end(load, story, "accept", true), () => end(load, story, "reject", true)]);
    else await end(load, story, decide.often(0.8) ? "accept" : "reject", false);
  });
}

/** Initiates a transfer; undefined if the application has reached its limit of the minute. */
async function initiate(load: GuildLoad, decide: Chance): Promise<TransferStory | undefined> {
  const [sender, receiver] = [decide.pick(load.tenants), decide.pick(load.tenants)];
  if (!sender || !receiver || sender === receiver) return undefined;
  const units = transferUnits(decide);
  const terms = { amount: written(units, transferDecimals), callbackUrl: load.receiver.url("sender") };
  return keyed(load, `initiate from ${sender.tag}`, async (journey) => {
    const answer = await new TransfersJourney(journey).initiate(sender, receiver, terms);
    expected(answer, [201, 429], `initiate from ${sender.tag}`);
    if (answer.status === 429) return undefined;
    const { reference } = answer.body.data;
    const story: TransferStory = { reference, sender, receiver, units, ends: [] };
    load.book.transfers.push(story);
    load.book.note("transfer", { reference });
    return story;
  });
}

/** Answers a transfer. 422 is right for an answer that came second. */
function end(load: GuildLoad, story: TransferStory, verb: "accept" | "reject", mayLose: boolean): Promise<void> {
  const { reference, receiver } = story;
  return keyed(load, `${verb} ${reference}`, async (journey) => {
    const answer = await new TransfersJourney(journey)[verb](receiver, story);
    expected(answer, mayLose ? [200, 422] : [200], `${verb} of ${reference}`);
    if (answer.status !== 200) return;
    story.ends.push(answer.body.data.status);
    load.book.note(verb, { reference });
  });
}
