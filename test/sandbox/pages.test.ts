import { describe, expect, it } from "vitest";
import {
  type AuthenticationView,
  type CancelView,
  type CheckoutView,
  contentSecurityPolicy,
  type OnboardingView,
  renderAuthenticationPage,
  renderCancelPage,
  renderCheckoutPage,
  renderMessagePage,
  renderOnboardingPage,
  renderStartPage,
  renderSuccessPage,
  type StartView,
  type SuccessView,
} from "../../src/sandbox/pages";
import { formatMoney } from "../../src/sandbox/pages/money";
import { TEST_CARDS } from "../../src/sandbox/pages/test-cards";
import { mistakesIn } from "./well-formed";

const origin = "http://localhost:8787";

/**
 * Returns one view per page, with the given text wherever a stranger's text can be, and the given URL wherever a URL
 * can be.
 */
function views(text: string, url: string) {
  const checkout: CheckoutView = {
    sessionId: text,
    merchantName: text,
    lineItems: [
      { name: text, description: text, quantity: 2, amountMinor: 14950 },
      { name: "Commission", description: null, quantity: 1, amountMinor: 3140 },
    ],
    currency: "eur",
    totalMinor: 18090,
    customerEmail: text,
    cancelUrl: url,
    declineCode: null,
    methods: ["card", "sepa_debit"],
    entered: { email: text, method: "card", cardNumber: text, expiry: text, iban: text, name: text },
  };
  const lineItems = checkout.lineItems;
  const authentication: AuthenticationView = {
    merchantName: text,
    currency: "eur",
    totalMinor: 18090,
    lineItems,
    last4: text,
    cancelUrl: url,
  };
  const onboarding: OnboardingView = {
    platformName: text,
    accountId: text,
    email: text,
    country: text,
    capabilities: ["transfers", text],
    returnUrl: url,
    state: "open",
    refreshUrl: url,
  };
  const success: SuccessView = {
    origin,
    sessionId: text,
    session: {
      status: "complete",
      paymentStatus: text,
      currency: "eur",
      totalMinor: 18090,
      lineItems,
      receiptEmail: text,
    },
    checkoutUrl: url,
  };
  const cancel: CancelView = { session: success.session, checkoutUrl: url };
  const start: StartView = {
    origin,
    recentSessions: [
      {
        id: text,
        url,
        currency: "eur",
        totalMinor: 18090,
        status: text,
        paymentStatus: text,
        createdAtSeconds: 1_795_000_000,
      },
    ],
  };
  return { checkout, authentication, onboarding, success, cancel, start };
}

function pages(text: string, url: string, nonce?: string): Record<string, string> {
  const { checkout, authentication, onboarding, success, cancel, start } = views(text, url);
  const frame = nonce === undefined ? {} : { nonce };
  return {
    checkout: renderCheckoutPage({ ...checkout, ...frame }),
    "checkout declined": renderCheckoutPage({ ...checkout, ...frame, declineCode: text }),
    "checkout of bare things": renderCheckoutPage({ ...checkout, ...frame, customerEmail: null, cancelUrl: null }),
    authentication: renderAuthenticationPage({ ...authentication, ...frame }),
    "onboarding open": renderOnboardingPage({ ...onboarding, ...frame }),
    "onboarding completed": renderOnboardingPage({ ...onboarding, ...frame, state: "completed" }),
    "onboarding expired": renderOnboardingPage({ ...onboarding, ...frame, state: "expired" }),
    success: renderSuccessPage({ ...success, ...frame }),
    "success of an unknown session": renderSuccessPage({ ...success, ...frame, session: null, checkoutUrl: null }),
    cancel: renderCancelPage({ ...cancel, ...frame }),
    "cancel of an unknown session": renderCancelPage({ ...frame, session: null, checkoutUrl: null }),
    start: renderStartPage({ ...start, ...frame }),
    "start without sessions": renderStartPage({ ...start, ...frame, recentSessions: [] }),
    message: renderMessagePage({ ...frame, kind: "session_expired", link: { label: text, url } }),
    "message without a link": renderMessagePage({ ...frame, kind: "not_found", link: null }),
  };
}

describe("money", () => {
  it.each([
    [18090, "eur", "€180.90"],
    [5, "EUR", "€0.05"],
    [0, "eur", "€0.00"],
    [123456789, "usd", "$1,234,567.89"],
    [18090, "jpy", "¥18,090"],
    [0, "jpy", "¥0"],
    [18090, "kwd", "KWD\u00a018.090"],
    [7, "kwd", "KWD\u00a00.007"],
    [1_234_567, "kwd", "KWD\u00a01,234.567"],
    [-250, "gbp", "-£2.50"],
    [Number.MAX_SAFE_INTEGER, "eur", "€90,071,992,547,409.91"],
  ])("writes %i %s as %s", (amountMinor, currency, written) => {
    expect(formatMoney(amountMinor, currency)).toBe(written);
  });

  it.each([1.5, Number.NaN, 2 ** 53])("refuses %d", (amountMinor) => {
    expect(() => formatMoney(amountMinor, "eur")).toThrow(RangeError);
  });
});

describe("every page", () => {
  const friendly = pages("Klára & synovia", "https://shop.example/back?a=1&b=2");
  const hostile = pages(`"><script>alert(1)</script><img src=x onerror='alert(2)'>\${x}`, "javascript:alert(3)");

  it.each(Object.entries(friendly))("is well-formed: %s", (_name, page) => {
    expect(mistakesIn(page)).toEqual([]);
  });

  it.each(Object.entries(hostile))("escapes what strangers wrote: %s", (_name, page) => {
    expect(mistakesIn(page)).toEqual([]);
    expect(page).not.toContain("<script>alert");
    expect(page).not.toContain("<img");
    expect(page).not.toContain("javascript:");
  });

  it.each(Object.entries(friendly))(
    "says that no real money moves, and asks for nothing outside: %s",
    (_name, page) => {
      expect(page).toContain("No real money moves here");
      expect(page).not.toMatch(/(src|srcset|action)=|@import|url\(/);
      expect(page).not.toMatch(/<link(?! rel="icon" href="data:,")/);
      expect(page).not.toMatch(/ style=| on[a-z]+=/);
    },
  );

  it.each(Object.entries(pages("Klára", "/back", "n0nce")))("carries its nonce: %s", (_name, page) => {
    expect(contentSecurityPolicy("n0nce")).toContain("script-src 'nonce-n0nce'");
    expect(page.match(/<(style|script)\b/g)).toEqual(
      page.match(/<(style|script) nonce="n0nce"/g)?.map((tag) => tag.split(" ")[0]),
    );
  });
});

describe("checkout page", () => {
  const { checkout } = views("Klára", "https://shop.example/back");
  const page = renderCheckoutPage(checkout);

  it("posts the fields of the contract to its own address, each with a label", () => {
    expect(page).toContain('<form method="post" id="payment">');
    for (const field of ["email", "cardNumber", "expiry", "cvc", "iban", "name"]) {
      expect(page.match(new RegExp(`name="${field}"`, "g"))).toHaveLength(1);
      expect(page).toContain(`<label for="${field}">`);
    }
  });

  it("shows what is paid for and how much", () => {
    expect(page).toContain("€149.50");
    expect(page).toContain("€31.40");
    expect(page).toContain(">Pay €180.90</button>");
    expect(page).toContain('href="https://shop.example/back"');
    expect(page).not.toContain('role="alert"');
  });

  it("offers the session's methods as choices, and asks for an e-mail that is there already if it was given", () => {
    expect(
      [...page.matchAll(/type="radio" name="method" value="(\w+)"( checked)?/g)].map(([, ...found]) => found),
    ).toEqual([
      ["card", " checked"],
      ["sepa_debit", undefined],
    ]);
    expect(page).toMatch(/<input id="email" name="email" type="email"[^>]* required readonly value="Klára">/);
    const asked = renderCheckoutPage({ ...checkout, methods: ["card"], customerEmail: null });
    expect(asked).toMatch(/<input id="email" name="email" type="email"[^>]* required value="Klára">/);
    expect(asked).not.toMatch(/name="iban"|Bank debit/);
  });

  it("offers only numbers whose check digits are right", () => {
    const cards = TEST_CARDS.flatMap((group) => group.cards).map((card) => card.number.replaceAll(" ", ""));
    expect(cards).toHaveLength(10);
    expect(cards.filter((number) => (/^\d+$/.test(number) ? !passesLuhn(number) : !passesMod97(number)))).toEqual([]);
  });

  it.each([
    ["insufficient_funds", "insufficient funds", "cardNumber"],
    ["expired_card", "expired", "expiry"],
    ["incorrect_cvc", "security code is incorrect", "cvc"],
    ["generic_decline", "was declined", "cardNumber"],
    ["constructor", "was declined", "cardNumber"],
  ])("says what happened and where to look: %s", (declineCode, text, field) => {
    const declined = renderCheckoutPage({ ...checkout, declineCode });
    expect(declined).toMatch(
      new RegExp(`role="alert"[^>]*><strong>[^<]*${text}[^<]*</strong> You have not been charged`),
    );
    expect(declined).toMatch(new RegExp(`name="${field}"[^>]*aria-invalid="true" aria-describedby="decline"`));
    for (const name of ["email", "cardNumber", "expiry", "iban", "name"])
      expect(declined).toMatch(new RegExp(`name="${name}"[^>]* value="Klára"`));
    expect(declined).toMatch(/name="cvc"[^>]* value=""/);
  });
});

describe("success page", () => {
  const { success } = views("complete", "/");

  it("gives the command that confirms the session", () => {
    const page = renderSuccessPage({ ...success, sessionId: "cs_test_1" });
    expect(page).toContain("{&quot;sessionId&quot;:&quot;cs_test_1&quot;}");
  });

  it("says what was bought, what happens next, and leads back", () => {
    const page = renderSuccessPage({ ...success, checkoutUrl: null });
    for (const said of ["What you bought", "€149.50", "€31.40", "€180.90", "What happens next", "even if you close"])
      expect(page).toContain(said);
    expect(page).toContain('<a class="primary" href="/console/welcome">Back to Accord</a>');
  });

  it("says that nothing was charged while the session is open, and leads to its page", () => {
    const session = success.session && { ...success.session, status: "open" };
    const page = renderSuccessPage({ ...success, session, checkoutUrl: "/sandbox/checkout/cs_1" });
    expect(page).toContain("You have not been charged");
    expect(page).not.toMatch(/What you bought|curl/);
    expect(page).toContain('<a class="primary" href="/sandbox/checkout/cs_1">Return to checkout</a>');
  });

  it("puts nothing into a command that a shell could read as more", () => {
    const page = renderSuccessPage({ ...success, sessionId: "cs_1'; echo gone; '" });
    expect(page).not.toContain("curl");
  });
});

function passesLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .reverse()
    .map((digit, index) => Number(digit) * (1 + (index % 2)))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0);
  return sum % 10 === 0;
}

function passesMod97(iban: string): boolean {
  const digits = Array.from(iban.slice(4) + iban.slice(0, 4), (character) => Number.parseInt(character, 36)).join("");
  return BigInt(digits) % 97n === 1n;
}
