import { DurableObject } from "cloudflare:workers";
import { Api } from "./core/api";
import { Courier } from "./core/courier";
import type { DeliveryState, EventMode } from "./core/deliveries";
import type { Fault, FaultKind } from "./core/faults";
import type { JournalEntry } from "./core/journal";
import type { OutageState } from "./core/outage";
import { Refusal } from "./core/refusal";
import { createTables, emptyTables } from "./core/schema";
import { World } from "./core/world";
import type { ObjectEnv } from "./object-env";
import { type AccountStatus, deauthorize, deleteByAnother, putAccount } from "./stripe/account-status";
import { type PayoutSchedule, payOutAll, setPayoutSchedule } from "./stripe/automatic-payouts";
import type { FeeMode } from "./stripe/collect";
import { type ConversionMode, setConversion } from "./stripe/conversion";
import { deleteCustomer } from "./stripe/customers";
import { closeDispute, type DisputeEnd, type DisputeTerms, escalateInquiry, openDispute } from "./stripe/disputes";
import { doWhatIsDue } from "./stripe/due";
import { type FillOrder, fillList } from "./stripe/fill-list";
import { type OwnLineTerms, writeOwnLine } from "./stripe/own-lines";
import { type PlatformTerms, setPlatformTerms } from "./stripe/platform-terms";
import { endRefund, type RefundEnd } from "./stripe/refund-outcome";
import { refundCharge } from "./stripe/refunds";
import { type ReversalMode, reverseTransfer } from "./stripe/reversals";
import { INCLUDABLE, ROUTES } from "./stripe/routes";
import type { RefundPlan } from "./stripe/test-methods";

/** The result of a control request: the JSON to print, or the reason of its refusal. */
export type ControlResult = { ok: true; body: string } | { ok: false; status: number; message: string };

/**
 * Stripe's state in one object, and what only the sandbox can ask of it: to fail, to wait, and to let happen what people
 * and banks do.
 */
export abstract class ControlledStripe extends DurableObject<ObjectEnv> {
  protected readonly world: World;
  protected readonly stripe: Api;
  protected readonly courier: Courier;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    createTables(ctx.storage.sql);
    this.world = new World(ctx.storage.sql);
    this.stripe = new Api(ctx.storage, this.world, ROUTES, INCLUDABLE);
    this.courier = new Courier(this.world, env);
  }

  addFault(pattern: string, kind: FaultKind, times: number): void {
    this.stripe.faults.add(pattern, kind, times);
  }

  /** Returns the planned and past faults, and the outage. */
  broken(): { faults: Fault[]; outage: OutageState | null } {
    return { faults: this.stripe.faults.list(), outage: this.world.outage.state() };
  }

  beginOutage(kind: FaultKind, seconds: number): void {
    this.world.outage.begin(kind, seconds);
  }

  clearFaults(): void {
    this.stripe.faults.clear();
    this.world.outage.end();
  }

  /** Sets the time that every answer to the application takes. */
  setLatency(milliseconds: number): void {
    this.world.settings.set("latency_ms", String(milliseconds));
  }

  requests(): JournalEntry[] {
    return this.stripe.journal.list();
  }

  eventMode(): { mode: EventMode; counts: Record<DeliveryState, number> } {
    return { mode: this.world.deliveries.mode(), counts: this.world.deliveries.counts() };
  }

  setEventMode(mode: EventMode): void {
    this.world.deliveries.setMode(mode);
  }

  flushEvents(copies: number): Promise<{ events: number; statuses: number[] }> {
    return this.courier.flush(copies);
  }

  fill(order: FillOrder): ControlResult {
    return this.#controlled(() => fillList(this.world, order));
  }

  planRefunds(plans: RefundPlan[]): void {
    this.world.settings.set("refund_plans", JSON.stringify(plans));
  }

  setFeeMode(mode: FeeMode): void {
    this.world.settings.set("fee_mode", mode);
  }

  putAccount(account: string, status: AccountStatus): ControlResult {
    return this.#controlled(() => putAccount(this.world, account, status));
  }

  deauthorize(account: string): ControlResult {
    return this.#controlled(() => deauthorize(this.world, account));
  }

  deleteAccount(account: string): ControlResult {
    return this.#controlled(() => deleteByAnother(this.world, account));
  }

  deleteCustomer(customer: string): ControlResult {
    return this.#controlled(() => deleteCustomer(this.world, customer));
  }

  openDispute(charge: string, terms: DisputeTerms): ControlResult {
    return this.#controlled(() => openDispute(this.world, charge, terms));
  }

  escalateInquiry(dispute: string): ControlResult {
    return this.#controlled(() => escalateInquiry(this.world, dispute));
  }

  closeDispute(dispute: string, status: DisputeEnd): ControlResult {
    return this.#controlled(() => closeDispute(this.world, dispute, status));
  }

  /** Refunds a charge out-of-band, whichever account it is on. Null means all that is left. */
  refundByAnother(charge: string, amountMinor: number | null, plan: RefundPlan): ControlResult {
    this.doWhatIsDue();
    return this.#controlled(() => {
      const account = this.world.objects.ownerOf(charge) ?? "";
      const found = this.world.objects.get("charge", account, charge, "charge");
      return refundCharge(this.world, account, found, { amountMinor, plan: () => plan });
    });
  }

  endRefund(refund: string, end: RefundEnd): ControlResult {
    return this.#controlled(() => endRefund(this.world, refund, end));
  }

  /** Reverses a transfer out-of-band. Null means all that is left. */
  reverseByAnother(transfer: string, amountMinor: number | null): ControlResult {
    this.doWhatIsDue();
    return this.#controlled(() => reverseTransfer(this.world, transfer, { amountMinor }));
  }

  setPlatformTerms(terms: Partial<PlatformTerms>): PlatformTerms {
    return setPlatformTerms(this.world, terms);
  }

  setConversion(mode: ConversionMode, rates: Record<string, number>): void {
    setConversion(this.world, mode, rates);
  }

  setReversalMode(mode: ReversalMode): void {
    this.world.settings.set("reversal_mode", mode);
  }

  /** Pays out all that an account has available, so that nothing is left to reverse. */
  payOutAll(account: string): ControlResult {
    this.doWhatIsDue();
    return this.#controlled(() => payOutAll(this.world, account, { isAutomatic: false }));
  }

  setPayoutSchedule(schedule: PayoutSchedule): void {
    setPayoutSchedule(this.world, schedule);
  }

  writeOwnLine(terms: OwnLineTerms): ControlResult {
    return this.#controlled(() => writeOwnLine(this.world, terms));
  }

  /** Empties everything, once no event is under way any more; the clock is the wall clock again. */
  async reset(): Promise<void> {
    await this.courier.idle();
    const origin = this.world.origin();
    emptyTables(this.ctx.storage.sql);
    this.setOrigin(origin);
  }

  /** Sets the origin of the pages, of which hosted URLs are made. */
  setOrigin(origin: string): void {
    this.world.settings.set("origin", origin);
  }

  protected doWhatIsDue(): number {
    return this.ctx.storage.transactionSync(() => doWhatIsDue(this.world));
  }

  #controlled(work: () => object): ControlResult {
    try {
      return { ok: true, body: JSON.stringify(this.ctx.storage.transactionSync(work)) };
    } catch (error) {
      if (error instanceof Refusal) {
        return { ok: false, status: error.status, message: error.message };
      }
      throw error;
    }
  }
}
