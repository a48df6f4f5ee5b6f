import type { Answer } from "../journey";
import { transferDecimals, written } from "../written-amount";
import { type Asker, pick } from "./asker";
import { inboxUrl, type Member, readInbox, registerMembers } from "./members";
import { type StepsOf, stepsOfUpkeep } from "./members-upkeep";
import { readStripe } from "./snapshot";
import type { End, Party, TransfersAction, TransferTerms } from "./transfers-steps";
import { answeredSums, hearOfEnd, hearOfState, hearOfTransfer, hearOfWallet } from "./transfers-told";

interface Address {
  member: Member;
  tag: string;
}

interface KnownTransfer {
  reference: string;
  sender: Member;
  receiver: Member;
}

const dayMs = 24 * 60 * 60 * 1000;

/** The applications of a history, one of them an administrator, with what they know and how each step is taken. */
export class Applications {
  /** Texts that must never be logged. */
  readonly secrets: string[] = [];
  private readonly asker: Asker;
  private readonly members: Member[] = [];
  private readonly addresses: Address[] = [];
  private readonly transfers: KnownTransfer[] = [];
  private readonly steps: StepsOf<TransfersAction["do"]>;

  constructor(asker: Asker) {
    this.asker = asker;
    this.steps = {
      ...this.stepsOfTransfers(),
      ...this.stepsInTime(),
      ...stepsOfUpkeep(asker, this.members, this.secrets),
    };
  }

  /** Makes what exists before the first step. */
  async open(transfers: readonly TransferTerms[]): Promise<void> {
    this.members.push(...(await registerMembers(this.asker.journey)));
    this.secrets.push(...this.members.flatMap(({ tenant, caller }) => [tenant.clientSecret, caller.token]));
    for (const member of this.members) {
      for (const tag of [member.tenant.tag, ...member.otherTags]) this.addresses.push({ member, tag });
    }
    for (const terms of transfers) await this.initiate(terms, null);
  }

  /** Tells whether a step is one of the transfers contract. */
  knows(action: { do: string }): action is TransfersAction {
    return action.do in this.steps;
  }

  async act<A extends TransfersAction>(action: A): Promise<void> {
    if (this.members.length === 0) return; // no applications are registered
    await (this.steps[action.do] as (one: A) => Promise<void>)(action);
  }

  /** Makes all inboxes answer with a success. */
  async listen(): Promise<void> {
    for (const { box } of this.members) await this.asker.journey.control("POST", "inbox", { box, mode: "ok" });
  }

  /** Reads what all applications received. */
  async readInboxes(): Promise<void> {
    const all = await Promise.all(this.members.map((member) => readInbox(this.asker.journey, member)));
    this.asker.told.notices = all.flat();
  }

  private stepsOfTransfers() {
    return {
      "initiate-transfer": async ({ terms, key }) => {
        await this.initiate(terms, key);
      },
      "accept-transfer": async ({ transfer, by, key }) => {
        await this.resolve(this.choose(transfer), "accept", by, key);
      },
      "reject-transfer": async ({ transfer, by, key }) => {
        await this.resolve(this.choose(transfer), "reject", by, key);
      },
      "cancel-transfer": async ({ transfer, by, key }) => {
        await this.resolve(this.choose(transfer), "cancel", by, key);
      },
      send: async ({ terms }) => {
        await this.resolve(await this.initiate(terms, null), "accept", "receiver", null);
      },
      "answer-together": async ({ transfer, ends }) => {
        const known = this.choose(transfer);
        await Promise.all(ends.map((end) => this.resolve(known, end, end === "cancel" ? "sender" : "receiver", null)));
      },
      "view-transfer": async ({ transfer, by }) => {
        const known = pick(this.transfers, transfer);
        if (!known) return;
        const before = this.endOf(known); // read before the request, because it may end meanwhile
        const answer = await this.ask(known, by, "GET", `/transactions/${known.reference}`, undefined, null);
        if (answer?.status === 200) hearOfState(this.asker.told, answer, before);
        else if (answer && answer.status < 500)
          this.asker.told.wrong.push(`${known.reference} is ${answer.status} now`);
      },
      "view-wallet": async ({ application, currency }) => {
        const member = pick(this.members, application);
        if (!member) return;
        const before = answeredSums(this.asker.told, member.tenant.id, currency);
        const answer = await this.asker.call("GET", `/wallet?currency=${currency}`, member.caller);
        if (answer.status === 200) hearOfWallet(this.asker.told, answer, before);
      },
    } satisfies Partial<StepsOf<TransfersAction["do"]>>;
  }

  private stepsInTime() {
    return {
      midnight: async ({ seconds }) => {
        const { nowMs } = await readStripe();
        await this.advance((Math.floor(nowMs / dayMs) + 1) * dayMs - nowMs, seconds);
      },
      expiry: async ({ transfer, seconds }) => {
        const told = pick([...this.asker.told.transfers.values()], transfer);
        if (told) await this.advance(told.expiresAtMs - (await readStripe()).nowMs, seconds);
      },
    } satisfies Partial<StepsOf<TransfersAction["do"]>>;
  }

  private async initiate(terms: TransferTerms, key: number | null): Promise<KnownTransfer | undefined> {
    const [from, to] = [pick(this.addresses, terms.from), pick(this.addresses, terms.to)];
    if (!from || !to) return undefined;
    const { amount, currency, callback } = terms;
    const body = {
      ...{ senderTag: from.tag, receiverTag: to.tag, amount: written(amount, transferDecimals), currency },
      ...(callback ? { callbackUrl: inboxUrl(from.member) } : {}),
    };
    const answer = await this.asker.call("POST", "/transactions", from.member.caller, body, key);
    if (answer.status !== 201) return undefined;
    if (from === to) this.asker.told.wrong.push(`${from.tag} pays itself`);
    const { reference, expiresAt } = answer.body.data;
    const parties = { senderId: from.member.tenant.id, receiverId: to.member.tenant.id };
    const made = { ...parties, amount, currency, expiresAtMs: Date.parse(expiresAt) };
    if (hearOfTransfer(this.asker.told, answer, made)) {
      this.transfers.push({ reference, sender: from.member, receiver: to.member });
    }
    return this.transfers.find((one) => one.reference === reference);
  }

  private async resolve(known: KnownTransfer | undefined, end: End, by: Party, key: number | null): Promise<void> {
    if (!known) return;
    const path = `/transactions/${known.reference}/${end}`;
    const body = end === "reject" ? { reason: "Not ordered" } : undefined;
    const answer = await this.ask(known, by, "POST", path, body, key);
    if (answer?.status === 200) hearOfEnd(this.asker.told, answer, end);
  }

  /** Makes a request about a transfer. A caller without the right must be refused. */
  private async ask(
    known: KnownTransfer,
    by: Party,
    method: "GET" | "POST",
    path: string,
    body: unknown,
    key: number | null,
  ): Promise<Answer | undefined> {
    const member = this.partyOf(known, by);
    if (!member) return undefined;
    const answer = await this.asker.call(method, path, member.caller, body, key);
    const isOwn =
      method === "GET"
        ? member === known.receiver || member === known.sender
        : member === (path.endsWith("/cancel") ? known.sender : known.receiver);
    if (isOwn) return answer;
    if (answer.status < 400) this.asker.told.wrong.push(`${method} ${path} of a ${by} was answered ${answer.status}`);
    return undefined;
  }

  private partyOf(known: KnownTransfer, by: Party): Member | undefined {
    if (by !== "stranger") return known[by];
    return this.members.find((member) => member !== known.receiver && member !== known.sender);
  }

  private endOf({ reference }: KnownTransfer): string | undefined {
    return this.asker.told.transfers.get(reference)?.end;
  }

  /** Chooses mostly a transfer whose end was not told, so that few steps are wasted; sometimes any. */
  private choose(transfer: number): KnownTransfer | undefined {
    const open = this.transfers.filter((one) => this.endOf(one) === undefined);
    return pick(open.length > 0 && transfer < 5 ? open : this.transfers, transfer);
  }

  /** Moves the clock to so many seconds after a future moment, unless that is long past. */
  private async advance(awayMs: number, seconds: number): Promise<void> {
    const total = Math.ceil(awayMs / 1000) + seconds;
    if (total < -5) return;
    const moved = await this.asker.journey.advance(total);
    if (moved.body.errors && !this.asker.excused) this.asker.told.wrong.push(`the sweep threw ${moved.body.errors}`);
  }
}
