import { DurableObject } from "cloudflare:workers";
import { Api } from "./core/api";
import { Courier } from "./core/courier";
import type { DeliveryState, EventMode } from "./core/deliveries";
import type { Fault, FaultKind } from "./core/faults";
import type { JournalEntry } from "./core/journal";
import type { OutageState } from "./core/outage";
import { Refusal } from "./core/refusal";
import type { ApiAnswer, ApiRequest } from "./core/request";
import { createTables, emptyTables } from "./core/schema";
import { World } from "./core/world";
import type { ObjectEnv } from "./object-env";
import * as authentication from "./people/authentication-step";
import * as checkoutPage from "./people/checkout-page";
import * as onboardingPage from "./people/onboarding-page";
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

const TICK_MS = 2000;

/** The result of a control request: the JSON to print, or the reason of its refusal. */
export type ControlResult = { ok: true; body: string } | { ok: false; status: number; message: string };

/**
 * Stripe in one object: all state is in its storage, every request is one synchronous turn. Its methods serve the
 * sandbox's other parts.
 */
export class StripeEmulator extends DurableObject<ObjectEnv> {
  readonly #world: World;
  readonly #api: Api;
  readonly #courier: Courier;
  #changes = 0;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    createTables(ctx.storage.sql);
    this.#world = new World(ctx.storage.sql);
    this.#api = new Api(ctx.storage, this.#world, ROUTES, INCLUDABLE);
    this.#courier = new Courier(this.#world, env);
    ctx.blockConcurrencyWhile(() => this.#startTicking());
  }

  // --- Stripe's API ---------------------------------------------------------------------------------------------

  async api(request: ApiRequest): Promise<ApiAnswer> {
    this.#doWhatIsDue();
    this.#changes += request.method === "GET" ? 0 : 1;
    return this.#api.answer(request);
  }

  /** Sends out the events that are due. */
  deliver(): Promise<number> {
    return this.#courier.deliverDue();
  }

  // --- Time -----------------------------------------------------------------------------------------------------

  clockOffsetMs(): number {
    return this.#world.clock.offsetMs();
  }

  clock(): { offsetSeconds: number; nowSeconds: number } {
    return { offsetSeconds: this.#world.clock.offsetMs() / 1000, nowSeconds: this.#world.now() };
  }

  advance(seconds: number): void {
    this.#world.clock.advance(seconds);
  }

  /** Does and delivers everything that is due. Returns how much that was. */
  async settle(): Promise<number> {
    const done = this.#doWhatIsDue();
    const delivered = await this.#courier.deliverDue();
    await this.#courier.idle();
    return done + delivered;
  }

  /** Waits until no event is under way to the application. */
  idle(): Promise<void> {
    return this.#courier.idle();
  }

  /** Returns a number that grows with every change and every event, so that a growing number means unfinished work. */
  activity(): number {
    return this.#changes + this.#world.deliveries.count();
  }

  /** Does due work in a loop while the process is up; the alarm survives a kill. */
  override async alarm(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + TICK_MS);
    try {
      await this.settle();
      await this.env.SELF.fetch("http://localhost/sandbox/control/tick", { method: "POST" });
    } catch {
      // Any failure is tried again at the next tick; a throw would slow the ticking down.
    }
  }

  async #startTicking(): Promise<void> {
    if (this.env.SANDBOX_TICK !== "off" && (await this.ctx.storage.getAlarm()) === null) {
      await this.ctx.storage.setAlarm(Date.now() + TICK_MS);
    }
  }

  #doWhatIsDue(): number {
    return this.ctx.storage.transactionSync(() => doWhatIsDue(this.#world));
  }

  // --- Pages for people -----------------------------------------------------------------------------------------

  /** Sets the origin of the pages, of which hosted URLs are made. */
  setOrigin(origin: string): void {
    this.#world.settings.set("origin", origin);
  }

  checkoutPage(sessionId: string): checkoutPage.CheckoutPage {
    this.#doWhatIsDue();
    return checkoutPage.look(this.#world, sessionId);
  }

  submitCheckoutPage(sessionId: string, form: Record<string, string>): checkoutPage.CheckoutPage {
    this.#doWhatIsDue();
    return this.ctx.storage.transactionSync(() => checkoutPage.submit(this.#world, sessionId, form));
  }

  authenticationStep(intentId: string): authentication.AuthenticationStep {
    this.#doWhatIsDue();
    return authentication.look(this.#world, intentId);
  }

  submitAuthentication(intentId: string, form: Record<string, string>): authentication.AuthenticationStep {
    this.#doWhatIsDue();
    return this.ctx.storage.transactionSync(() => authentication.submit(this.#world, intentId, form));
  }

  onboardingPage(linkId: string): onboardingPage.OnboardingPage {
    return onboardingPage.look(this.#world, linkId);
  }

  submitOnboardingPage(linkId: string): onboardingPage.OnboardingPage {
    return this.ctx.storage.transactionSync(() => onboardingPage.submit(this.#world, linkId));
  }

  dashboardPage(accountId: string): onboardingPage.OnboardingPage {
    return onboardingPage.dashboard(this.#world, accountId);
  }

  comeBackFromOnboarding(): onboardingPage.OnboardingPage {
    return onboardingPage.comeBack(this.#world);
  }

  recentSessions(): checkoutPage.RecentSession[] {
    this.#doWhatIsDue();
    return checkoutPage.recent(this.#world);
  }

  // --- Control --------------------------------------------------------------------------------------------------

  addFault(pattern: string, kind: FaultKind, times: number): void {
    this.#api.faults.add(pattern, kind, times);
  }

  /** Returns the planned and past faults, and the outage. */
  broken(): { faults: Fault[]; outage: OutageState | null } {
    return { faults: this.#api.faults.list(), outage: this.#world.outage.state() };
  }

  beginOutage(kind: FaultKind, seconds: number): void {
    this.#world.outage.begin(kind, seconds);
  }

  clearFaults(): void {
    this.#api.faults.clear();
    this.#world.outage.end();
  }

  /** Sets the time that every answer to the application takes. */
  setLatency(milliseconds: number): void {
    this.#world.settings.set("latency_ms", String(milliseconds));
  }

  requests(): JournalEntry[] {
    return this.#api.journal.list();
  }

  eventMode(): { mode: EventMode; counts: Record<DeliveryState, number> } {
    return { mode: this.#world.deliveries.mode(), counts: this.#world.deliveries.counts() };
  }

  setEventMode(mode: EventMode): void {
    this.#world.deliveries.setMode(mode);
  }

  flushEvents(copies: number): Promise<{ events: number; statuses: number[] }> {
    return this.#courier.flush(copies);
  }

  fill(order: FillOrder): ControlResult {
    return this.#controlled(() => fillList(this.#world, order));
  }

  planRefunds(plans: RefundPlan[]): void {
    this.#world.settings.set("refund_plans", JSON.stringify(plans));
  }

  setFeeMode(mode: FeeMode): void {
    this.#world.settings.set("fee_mode", mode);
  }

  putAccount(account: string, status: AccountStatus): ControlResult {
    return this.#controlled(() => putAccount(this.#world, account, status));
  }

  deauthorize(account: string): ControlResult {
    return this.#controlled(() => deauthorize(this.#world, account));
  }

  deleteAccount(account: string): ControlResult {
    return this.#controlled(() => deleteByAnother(this.#world, account));
  }

  deleteCustomer(customer: string): ControlResult {
    return this.#controlled(() => deleteCustomer(this.#world, customer));
  }

  openDispute(charge: string, terms: DisputeTerms): ControlResult {
    return this.#controlled(() => openDispute(this.#world, charge, terms));
  }

  escalateInquiry(dispute: string): ControlResult {
    return this.#controlled(() => escalateInquiry(this.#world, dispute));
  }

  closeDispute(dispute: string, status: DisputeEnd): ControlResult {
    return this.#controlled(() => closeDispute(this.#world, dispute, status));
  }

  /** Refunds a charge out-of-band, whichever account it is on. Null means all that is left. */
  refundByAnother(charge: string, amountMinor: number | null, plan: RefundPlan): ControlResult {
    this.#doWhatIsDue();
    return this.#controlled(() => {
      const account = this.#world.objects.ownerOf(charge) ?? "";
      const found = this.#world.objects.get("charge", account, charge, "charge");
      return refundCharge(this.#world, account, found, { amountMinor, plan: () => plan });
    });
  }

  endRefund(refund: string, end: RefundEnd): ControlResult {
    return this.#controlled(() => endRefund(this.#world, refund, end));
  }

  /** Reverses a transfer out-of-band. Null means all that is left. */
  reverseByAnother(transfer: string, amountMinor: number | null): ControlResult {
    this.#doWhatIsDue();
    return this.#controlled(() => reverseTransfer(this.#world, transfer, { amountMinor }));
  }

  setPlatformTerms(terms: Partial<PlatformTerms>): PlatformTerms {
    return setPlatformTerms(this.#world, terms);
  }

  setConversion(mode: ConversionMode, rates: Record<string, number>): void {
    setConversion(this.#world, mode, rates);
  }

  setReversalMode(mode: ReversalMode): void {
    this.#world.settings.set("reversal_mode", mode);
  }

  /** Pays out all that an account has available, so that nothing is left to reverse. */
  payOutAll(account: string): ControlResult {
    this.#doWhatIsDue();
    return this.#controlled(() => payOutAll(this.#world, account, { isAutomatic: false }));
  }

  setPayoutSchedule(schedule: PayoutSchedule): void {
    setPayoutSchedule(this.#world, schedule);
  }

  writeOwnLine(terms: OwnLineTerms): ControlResult {
    return this.#controlled(() => writeOwnLine(this.#world, terms));
  }

  /** Empties everything, once no event is under way any more; the clock is the wall clock again. */
  async reset(): Promise<void> {
    await this.#courier.idle();
    const origin = this.#world.origin();
    emptyTables(this.ctx.storage.sql);
    this.setOrigin(origin);
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
