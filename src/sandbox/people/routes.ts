import { emulatorOf } from "../emulator-of";
import type { SandboxEnv } from "../env";
import {
  renderAuthenticationPage,
  renderCancelPage,
  renderCheckoutPage,
  renderMessagePage,
  renderOnboardingPage,
  renderStartPage,
  renderSuccessPage,
} from "../pages";
import type { AuthenticationStep } from "./authentication-step";
import type { CheckoutPage, SessionFacts } from "./checkout-page";
import { answerMailedLink } from "./mailed-link";
import type { OnboardingPage } from "./onboarding-page";
import { formFields, page, seeOther } from "./respond";
import { answerRoot } from "./root";

const MERCHANT = "Accord";

/**
 * Answers requests for the pages that people see: payment, onboarding, the pages after both, mails and where their links lead, the root, and the page of all controls.
 * Returns null for any other path.
 */
export async function answerPerson(request: Request, env: SandboxEnv, ctx: ExecutionContext): Promise<Response | null> {
  const url = new URL(request.url);
  const [, first, second, third] = url.pathname.split("/");
  const emulator = emulatorOf(env);
  const isPost = request.method === "POST";
  if (request.method !== "GET" && request.method !== "HEAD" && !isPost) {
    return null;
  }
  const mailed = await answerMailedLink(request, env);
  if (mailed) return mailed;
  if (url.pathname === "/") return answerRoot(request, url.origin);
  if (url.pathname === "/sandbox" || url.pathname === "/sandbox/") {
    const recentSessions = await emulator.recentSessions();
    return page(200, (nonce) => renderStartPage({ nonce, origin: url.origin, recentSessions }));
  }
  if (first !== "sandbox" || second === undefined || third === undefined) {
    return null;
  }
  switch (second) {
    case "checkout": {
      const shown = isPost
        ? await emulator.submitCheckoutPage(third, await formFields(request))
        : await emulator.checkoutPage(third);
      ctx.waitUntil(emulator.deliver());
      return printCheckout(shown);
    }
    case "authenticate": {
      const shown = isPost
        ? await emulator.submitAuthentication(third, await formFields(request))
        : await emulator.authenticationStep(third);
      ctx.waitUntil(emulator.deliver());
      return printAuthentication(shown);
    }
    case "onboarding": {
      const shown = isPost ? await emulator.submitOnboardingPage(third) : await emulator.onboardingPage(third);
      ctx.waitUntil(emulator.deliver());
      return printOnboarding(shown);
    }
    case "dashboard":
      return printOnboarding(await emulator.dashboardPage(third));
    case "payout-account":
    case "connected-account":
      return third === "return" || third === "refresh"
        ? printOnboarding(await emulator.comeBackFromOnboarding())
        : null;
    case "payment":
      return third === "success" || third === "cancel" ? returned(third, url, await sessionOf(env, url)) : null;
    default:
      return null;
  }
}

function printCheckout(shown: CheckoutPage): Response {
  switch (shown.show) {
    case "redirect":
      return seeOther(shown.url);
    case "missing":
      return page(404, (nonce) => renderMessagePage({ nonce, kind: "not_found", link: null }));
    case "closed":
      return closed(shown.session);
    case "authentication":
      return page(200, (nonce) =>
        renderAuthenticationPage({ ...knowing(shown.session), nonce, merchantName: MERCHANT, last4: shown.last4 }),
      );
    case "form":
      return page(shown.decline === null ? 200 : 402, (nonce) =>
        renderCheckoutPage({
          ...knowing(shown.session),
          nonce,
          merchantName: MERCHANT,
          declineCode: shown.decline?.code ?? null,
          entered: shown.entered,
        }),
      );
  }
}

/**
 * Lets the sandbox's own page for those who cancelled know the session. Stripe adds nothing to an application's address,
 * so every other address stays as it is.
 */
function knowing(session: SessionFacts): SessionFacts {
  const { cancelUrl, sessionId } = session;
  const isOurs = cancelUrl !== null && URL.parse(cancelUrl)?.pathname === "/sandbox/payment/cancel";
  return isOurs ? { ...session, cancelUrl: `${cancelUrl}?sessionId=${sessionId}` } : session;
}

function closed(session: SessionFacts): Response {
  if (session.status === "complete") {
    const link = { label: `Return to ${MERCHANT}`, url: session.successUrl };
    return page(200, (nonce) => renderMessagePage({ nonce, kind: "already_paid", link }));
  }
  const { cancelUrl } = knowing(session);
  const link = cancelUrl === null ? null : { label: `Return to ${MERCHANT}`, url: cancelUrl };
  return page(410, (nonce) => renderMessagePage({ nonce, kind: "session_expired", link }));
}

function printAuthentication(shown: AuthenticationStep): Response {
  switch (shown.show) {
    case "redirect":
      return seeOther(shown.url);
    case "missing":
      return page(404, (nonce) => renderMessagePage({ nonce, kind: "not_found", link: null }));
    case "answered":
      return page(200, (nonce) =>
        renderMessagePage({ nonce, kind: shown.isApproved ? "approved" : "refused", link: shown.link }),
      );
    case "question":
      return page(200, (nonce) => renderAuthenticationPage({ ...shown, nonce, merchantName: MERCHANT }));
  }
}

function printOnboarding(shown: OnboardingPage): Response {
  switch (shown.show) {
    case "redirect":
      return seeOther(shown.url);
    case "missing":
      return page(404, (nonce) => renderMessagePage({ nonce, kind: "not_found", link: null }));
    case "page":
      return page(200, (nonce) => renderOnboardingPage({ ...shown.account, nonce, platformName: MERCHANT }));
  }
}

/** Answers with the application's return pages, which FRONTEND_URL places here in the sandbox. */
function returned(kind: "success" | "cancel", { origin, searchParams }: URL, session: SessionFacts | null): Response {
  const sessionId = searchParams.get("sessionId");
  const checkoutUrl = session?.status === "open" ? `${origin}/sandbox/checkout/${session.sessionId}` : null;
  return page(200, (nonce) =>
    kind === "success"
      ? renderSuccessPage({ nonce, origin, sessionId, session, checkoutUrl })
      : renderCancelPage({ nonce, session, checkoutUrl }),
  );
}

async function sessionOf(env: SandboxEnv, url: URL): Promise<SessionFacts | null> {
  const id = url.searchParams.get("sessionId");
  const shown = id === null ? null : await emulatorOf(env).checkoutPage(id);
  return shown !== null && "session" in shown ? shown.session : null;
}
