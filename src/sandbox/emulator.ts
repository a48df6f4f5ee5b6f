import { ControlledStripe } from "./controlled-stripe";
import type { ApiAnswer, ApiRequest } from "./core/request";
import type { ObjectEnv } from "./object-env";
import * as authentication from "./people/authentication-step";
import * as checkoutPage from "./people/checkout-page";
import * as onboardingPage from "./people/onboarding-page";

const TICK_MS = 2000;

/**
 * Stripe in one object: all state is in its storage, every request is one synchronous turn. Its methods serve the
 * sandbox's other parts.
 */
export class StripeEmulator extends ControlledStripe {
  #changes = 0;

  constructor(ctx: DurableObjectState, env: ObjectEnv) {
    super(ctx, env);
    ctx.blockConcurrencyWhile(() => this.#startTicking());
  }

  // --- Stripe's API ---------------------------------------------------------------------------------------------

  async api(request: ApiRequest): Promise<ApiAnswer> {
    this.doWhatIsDue();
    this.#changes += request.method === "GET" ? 0 : 1;
    return this.stripe.answer(request);
  }

  /** Sends out the events that are due. */
  deliver(): Promise<number> {
    return this.courier.deliverDue();
  }

  // --- Time -----------------------------------------------------------------------------------------------------

  clockOffsetMs(): number {
    return this.world.clock.offsetMs();
  }

  clock(): { offsetSeconds: number; nowSeconds: number } {
    return { offsetSeconds: this.world.clock.offsetMs() / 1000, nowSeconds: this.world.now() };
  }

  advance(seconds: number): void {
    this.world.clock.advance(seconds);
  }

  /** Does and delivers everything that is due. Returns how much that was. */
  async settle(): Promise<number> {
    const done = this.doWhatIsDue();
    const delivered = await this.courier.deliverDue();
    await this.courier.idle();
    return done + delivered;
  }

  /** Waits until no event is under way to the application. */
  idle(): Promise<void> {
    return this.courier.idle();
  }

  /** Returns a number that grows with every change and every event, so that a growing number means unfinished work. */
  activity(): number {
    return this.#changes + this.world.deliveries.count();
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

  // --- Pages for people -----------------------------------------------------------------------------------------

  checkoutPage(sessionId: string): checkoutPage.CheckoutPage {
    this.doWhatIsDue();
    return checkoutPage.look(this.world, sessionId);
  }

  submitCheckoutPage(sessionId: string, form: Record<string, string>): checkoutPage.CheckoutPage {
    this.doWhatIsDue();
    return this.ctx.storage.transactionSync(() => checkoutPage.submit(this.world, sessionId, form));
  }

  authenticationStep(intentId: string): authentication.AuthenticationStep {
    this.doWhatIsDue();
    return authentication.look(this.world, intentId);
  }

  submitAuthentication(intentId: string, form: Record<string, string>): authentication.AuthenticationStep {
    this.doWhatIsDue();
    return this.ctx.storage.transactionSync(() => authentication.submit(this.world, intentId, form));
  }

  onboardingPage(linkId: string): onboardingPage.OnboardingPage {
    return onboardingPage.look(this.world, linkId);
  }

  submitOnboardingPage(linkId: string): onboardingPage.OnboardingPage {
    return this.ctx.storage.transactionSync(() => onboardingPage.submit(this.world, linkId));
  }

  dashboardPage(accountId: string): onboardingPage.OnboardingPage {
    return onboardingPage.dashboard(this.world, accountId);
  }

  comeBackFromOnboarding(): onboardingPage.OnboardingPage {
    return onboardingPage.comeBack(this.world);
  }

  recentSessions(): checkoutPage.RecentSession[] {
    this.doWhatIsDue();
    return checkoutPage.recent(this.world);
  }
}
