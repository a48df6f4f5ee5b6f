import { abortAllDurableObjects, evictDurableObject, listDurableObjectIds } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { drawSettings } from "../drawn-settings";
import { checkoutBody, Journey, type Person } from "../journey";
import { columnsWith } from "../operations/offers/every-cell";
import { appease, impose, type Temper } from "../temper";
import { Applications } from "./applications";
import { Asker, pick } from "./asker";
import { Market } from "./market";
import { actOutOfBand, isOutOfBand } from "./offers-out-of-band";
import { actAsOperator, isOperators, settleCall, settleStopped, stoppedCalls } from "./operator-steps";
import { actOnPerson, isOfPeople, isOut } from "./people-steps";
import { forgetCounts, quotaSettings } from "./quota-setting";
import { nothingTold, readStripe } from "./snapshot";
import type { Action, Setting, Step } from "./step";

const minute = 60;
const day = 24 * 60 * minute;

/** The body of a changed repetition: members that the contracts know, and one that they do not know. */
const another = { other: true, reason: "Another one.", amount_to_capture: 1 };

/**
 * The longest time between two runs of the Worker's clock, which runs every minute. Stripe lists its events for 30 days,
 * so after a longer standstill nothing finds those that were lost; operators are told of it after some minutes.
 */
const standstillSeconds = 7 * day;

/** Steps that cause failures, also for concurrent requests. */
const breaks = ["fault", "outage", "abort"];

interface Broken {
  faults: { times: number }[];
  outage: object | null;
}

interface KnownSession {
  url: string;
  sessionId: string;
  client: Person;
}

/** The people of a history, what they know, and how each step is taken. */
export class Fixtures {
  readonly journey = new Journey((request) => exports.default.fetch(request));
  readonly told = nothingTold();
  readonly market: Market;
  readonly applications: Applications;
  /** Whether the last step was only a sweep. */
  wasSwept = false;
  private temper: Temper | undefined;
  private readonly asker = new Asker(this.journey, this.told);
  private readonly clients: Person[];
  private readonly experts: Person[];
  private readonly testimonies: { id: string; client: Person }[] = [];
  private readonly offers: { id: string; testimonyId: string; client: Person; expert: Person }[] = [];
  private readonly sessions: KnownSession[] = [];
  /** What each client types at checkout: two inputs, with phones of their own. */
  private readonly inputs: Map<Person, object[]>;

  constructor(people: { clients: Person[]; experts: Person[] }) {
    this.market = new Market(this.asker);
    this.applications = new Applications(this.asker);
    // Copies, because who is let in again has another token.
    this.clients = people.clients.map((one) => ({ ...one }));
    this.experts = people.experts.map((one) => ({ ...one }));
    this.inputs = new Map(this.clients.map((one) => [one, [checkoutBody(), checkoutBody()]]));
  }

  /** Makes what exists before the first step. */
  async settle({ onboarded, testimonies, release, orders, transfers, temper, quotas }: Setting): Promise<void> {
    const released: Record<string, string> = release === undefined ? {} : { PAYOUT_RELEASE: release };
    drawSettings(released);
    if (quotas) await forgetCounts();
    this.told.release = release ?? "accepted";
    this.temper = temper;
    if (temper) await impose(this.journey, temper);
    await this.journey.advance(0); // the sweep, and the jobs of the sweep, always run before the first step
    for (const [at, expert] of this.experts.entries()) if (onboarded[at]) await this.journey.onboard(expert);
    for (const { client, prices } of testimonies) {
      await this.take({ do: "create-testimony", client });
      for (const [at, price] of prices.entries()) {
        await this.take({ do: "create-offer", expert: at, testimony: this.testimonies.length - 1, price });
      }
    }
    if (orders.length > 0) await this.market.open(orders);
    if (transfers.length > 0) await this.applications.open(transfers);
    drawSettings({ ...released, ...quotaSettings(quotas) });
    if (quotas) this.told.quotas = { ...quotas, sinceMs: (await readStripe()).nowMs };
  }

  /** Takes one step. A 5xx is allowed only while a fault is planned. */
  async take(step: Step): Promise<void> {
    const actions = step.do === "together" ? step.actions : [step];
    this.asker.excused = actions.some(({ do: name }) => breaks.includes(name)) || (await this.isBroken());
    const crashes = actions.some((one) => one.do === "abort");
    this.wasSwept = ["clock", "midnight", "expiry"].includes(step.do);
    await Promise.all(actions.map((one) => (crashes ? this.act(one).catch(isCrash) : this.act(one))));
    const isRestored = actions.some(({ do: name }) => name === "restore-user");
    for (const person of [...this.clients, ...this.experts].filter((one) => this.asker.leaving.has(one))) {
      if (await isOut(person)) this.asker.out.add(person);
      else if (this.asker.leaving.get(person) && !isRestored)
        this.told.wrong.push(`${person.email} still has a session`);
    }
    this.asker.leaving.clear();
  }

  private async isBroken(): Promise<boolean> {
    const { faults, outage } = (await this.journey.control("GET", "faults")).body as Broken;
    if (outage !== null || faults.some((one) => one.times > 0)) return true;
    // A call that an operator has stopped stays pending for a day, and dependent requests are refused.
    const given = "SELECT count(*) AS n FROM stripe_effects WHERE state = 'open' AND failure LIKE 'stopped%'";
    return ((await env.DB.prepare(given).first<{ n: number }>())?.n ?? 0) > 0;
  }

  /** Removes all faults and lets enough time pass: what is not done afterwards never will be. */
  async heal(): Promise<void> {
    this.asker.excused = false;
    await this.journey.control("DELETE", "faults");
    if (this.temper) await appease(this.journey);
    await this.journey.events("deliver");
    await this.journey.flushEvents(1);
    await this.applications.listen();
    await this.journey.advance(70);
    // A call that an operator has stopped waits for the operator, and so do the requests that need it.
    this.asker.excused = (await stoppedCalls()).length > 0;
    await this.askAgain();
    this.asker.excused = false;
    await this.letTimePass();
    if ((await settleStopped(this.asker)) > 0) {
      await this.letTimePass();
      await this.askAgain();
      await this.letTimePass();
    }
    if (await waitsForBank()) await this.journey.advance(30 * day + 60);
    await this.confirmAgain();
    await this.journey.advance(10);
    await this.applications.readInboxes();
    for (const email of this.told.deleted.values()) {
      const columns = await columnsWith(email);
      if (columns.length > 0) this.told.wrong.push(`${email} was deleted, and is in ${columns}`);
    }
  }

  private async letTimePass(): Promise<void> {
    for (const seconds of [70, 65 * 60, 7 * 60 * 60, day + 60, day + 60]) {
      await this.journey.advance(seconds);
      await this.replayDeadEvents();
    }
  }

  /** Repeats requests whose outcome was unknown under the same key, which must get a final answer. */
  private async askAgain(): Promise<void> {
    for (const request of this.told.keyed) {
      if (!request.answer || request.last.status >= 400) await this.asker.sendAgain(request, request.body);
    }
  }

  private async replayDeadEvents(): Promise<void> {
    const dead = await env.DB.prepare("SELECT id FROM stripe_events WHERE state = 'dead'").all<{ id: string }>();
    for (const { id } of dead.results) await this.journey.operator("POST", `/stripe-events/${id}/replay`);
  }

  /** Opens the success page of every client once more. */
  private async confirmAgain(): Promise<void> {
    for (const session of this.sessions) await this.accept(session, session.client);
  }

  private async act(action: Action): Promise<void> {
    if (this.market.knows(action)) return this.market.act(action);
    if (this.applications.knows(action)) return this.applications.act(action);
    if (isOutOfBand(action)) return actOutOfBand(this.asker, action);
    if (isOperators(action)) {
      const testimony = pick(this.testimonies, action.testimony);
      return testimony && actAsOperator(this.asker, action, testimony.id);
    }
    if (isOfPeople(action)) return actOnPerson(this.asker, action, [...this.clients, ...this.experts]);
    switch (action.do) {
      case "create-testimony":
        return this.createTestimony(action.client);
      case "create-offer":
        return this.createOffer(action);
      case "withdraw-offer": {
        const offer = pick(this.offers, action.offer);
        if (offer) await this.asker.call("POST", `/testimonies/offers/${offer.id}/withdraw`, offer.expert, undefined);
        return;
      }
      case "start-checkout":
        await this.startCheckout(action.offer, action.input, action.key);
        return;
      case "pay": {
        const session = pick(this.sessions, action.session);
        if (session) await this.journey.pay(session, action.card);
        return;
      }
      case "buy": {
        const session = await this.startCheckout(action.offer, 0, null);
        if (!session) return;
        await this.journey.pay(session, action.card);
        if (action.confirm) await this.accept(session, session.client);
        return;
      }
      case "accept": {
        const session = pick(this.sessions, action.session);
        const stranger = this.clients.find((one) => one !== session?.client);
        const caller = action.by === "owner" ? session?.client : stranger;
        if (session && caller) await this.accept(session, caller, action.key);
        return;
      }
      case "cancel": {
        const testimony = pick(this.testimonies, action.testimony);
        if (!testimony) return;
        const path = `/testimonies/${testimony.id}/cancel`;
        await this.asker.call("POST", path, testimony.client, { cancellationReason: "Sold." }, action.key);
        return;
      }
      case "complete": {
        const testimony = pick(this.testimonies, action.testimony);
        const expert = this.offers.find((one) => one.testimonyId === testimony?.id)?.expert;
        if (testimony && expert)
          await this.asker.call("POST", `/testimonies/${testimony.id}/complete`, expert, undefined);
        return;
      }
      case "onboard": {
        const expert = pick(this.experts, action.expert);
        if (!expert) return;
        const opened = await this.asker.call("POST", "/me/payout-account", expert, undefined);
        const { pathname } = new URL(opened.status === 200 ? opened.body.data.url : "http://localhost/none");
        if (opened.status === 200 && action.finish) await this.journey.call("POST", pathname, { body: {} });
        return;
      }
      case "repeat": {
        const request = pick(this.told.keyed, action.request);
        if (request) await this.asker.sendAgain(request, action.body === "same" ? request.body : another);
        return;
      }
      case "abort":
        await scheduler.wait(action.afterMs);
        return abortAllDurableObjects();
      case "evict":
        return evictObjects();
      default:
        return this.underFaults(action);
    }
  }

  /** Takes a step that causes a fault or lets time pass. */
  private async underFaults(action: Action): Promise<void> {
    switch (action.do) {
      case "plan-refund":
        return this.asker.try("refunds", { next: action.next });
      case "fault":
        return this.asker.try("faults", { match: action.match, kind: action.kind, times: action.times });
      case "outage":
        return this.asker.try("outage", { seconds: action.hours * 60 * minute, kind: action.kind });
      case "own-line": {
        const { type, amountMinor: amount, ageHours } = action;
        return this.asker.try("balance", { type, amount, ageSeconds: ageHours * 60 * minute });
      }
      case "rate":
        if (!this.temper?.conversion) return;
        return this.asker.try("conversion", { mode: "on", rates: { usd: action.eurosPerDollar } });
      case "settle-call":
        return settleCall(this.asker, action.call);
      case "clear-faults":
        await this.journey.control("DELETE", "faults");
        return;
      case "events":
        return this.asker.try("events", { mode: action.mode });
      case "flush-events":
        return this.asker.try("events/flush", { copies: action.copies });
      case "clock": {
        for (const seconds of partsOf(action.seconds)) {
          const moved = await this.journey.advance(seconds);
          if (moved.body.errors && !this.asker.excused) this.told.wrong.push(`the sweep threw ${moved.body.errors}`);
        }
        return;
      }
      default:
        throw new Error(`nobody takes the step ${action.do}`);
    }
  }

  private async createTestimony(at: number): Promise<void> {
    const client = pick(this.clients, at);
    if (!client) return;
    const realEstate = {
      type: "house",
      properties: { parcelCount: 1, storeyCount: 2, otherBuildingCount: 0, detachedGarageCount: 0 },
      address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
      region: "ba",
    };
    const answer = await this.asker.call("POST", "/testimonies", client, { purpose: "mortgage", realEstate });
    if (answer.status === 201) this.testimonies.push({ id: answer.body.data.id, client });
  }

  private async createOffer(terms: Extract<Action, { do: "create-offer" }>): Promise<void> {
    const expert = pick(this.experts, terms.expert);
    const testimony = pick(this.testimonies, terms.testimony);
    if (!expert || !testimony) return;
    const { price, minutes } = terms;
    const end = minutes === undefined ? {} : { validUntil: await this.momentIn(minutes) };
    const path = `/testimonies/${testimony.id}/offers`;
    const answer = await this.asker.call("POST", path, expert, { price, deliveryDays: 14, ...end });
    if (answer.status !== 201) return;
    this.offers.push({ id: answer.body.data.id, testimonyId: testimony.id, client: testimony.client, expert });
  }

  private async momentIn(minutes: number): Promise<string> {
    const { nowSeconds } = (await this.journey.control("GET", "clock")).body;
    return new Date((nowSeconds + minutes * minute) * 1_000).toISOString();
  }

  private async startCheckout(offerAt: number, input: number, key: number | null): Promise<KnownSession | undefined> {
    const offer = pick(this.offers, offerAt);
    if (!offer) return undefined;
    const path = `/testimonies/offers/${offer.id}/checkout`;
    const answer = await this.asker.call("POST", path, offer.client, this.inputs.get(offer.client)?.[input], key);
    if (answer.status !== 200) return undefined;
    const url: string = answer.body.data.url;
    const sessionId = url.split("/").at(-1) ?? "";
    const known = this.sessions.find((one) => one.sessionId === sessionId);
    const session = known ?? { url, sessionId, client: offer.client };
    if (!known) this.sessions.push(session);
    return session;
  }

  private async accept(session: KnownSession, caller: Person, key: number | null = null): Promise<void> {
    const { sessionId } = session;
    const answer = await this.asker.call("POST", "/testimonies/offers/accept", caller, { sessionId }, key);
    if (answer.status !== 204) return;
    this.told.accepted.add(sessionId);
    if (caller !== session.client) this.told.wrong.push(`a stranger accepted ${sessionId}`);
  }
}

/** Divides a time into parts that are not longer than a standstill may be. */
function partsOf(seconds: number): number[] {
  const whole = Math.max(Math.floor(seconds / standstillSeconds), 0);
  return [...Array.from({ length: whole }, () => standstillSeconds), seconds - whole * standstillSeconds];
}

/** Throws unless the error is that of a crash. A crash also aborts Stripe's emulator, and its callers get no answer. */
function isCrash(error: unknown): void {
  if (!String(error).includes("abortAllDurableObjects")) throw error;
}

/** Evicts the objects that serialize commands and those that make deliveries, as after a quiet while. */
async function evictObjects(): Promise<void> {
  const { SEQUENCER, DISPATCHER } = env as unknown as Record<"SEQUENCER" | "DISPATCHER", DurableObjectNamespace>;
  for (const objects of [SEQUENCER, DISPATCHER]) {
    const ids = await listDurableObjectIds(objects);
    await Promise.all(ids.map((id) => evictDurableObject(objects.get(id)).catch(isNotRunning)));
  }
}

function isNotRunning(): void {
  // An object that is not in memory cannot be evicted.
}

/** Tells whether a payment of a seller who is gone still waits for its bank, whose time is thirty days. */
async function waitsForBank(): Promise<boolean> {
  const query = `SELECT 1 FROM payments JOIN connected_accounts AS seller ON seller.id = payments.account_id
    WHERE payments.state = 'processing' AND seller.state = 'gone' LIMIT 1`;
  return (await env.DB.prepare(query).first()) !== null;
}
