import { renderDocument } from "./document";
import { type Html, html } from "./html";
import { link } from "./link";
import type { OnboardingView } from "./views";

/**
 * Renders the hosted page on which the holder of a connected account enters what Stripe requires; here it takes one
 * click.
 */
export function renderOnboardingPage(view: OnboardingView): string {
  return renderDocument({
    title: `Get paid by ${view.platformName}`,
    nonce: view.nonce,
    shape: "card",
    main: STATES[view.state](view),
  });
}

const STATES: Readonly<Record<OnboardingView["state"], (view: OnboardingView) => Html>> = {
  open,
  completed,
  expired,
};

function open(view: OnboardingView): Html {
  return html`<h1>Get paid by ${view.platformName}</h1>
<p>${view.platformName} uses this account to send you money. Check what it asks for, then complete it.</p>
<dl>
<dt>Email</dt><dd>${view.email ?? "not given"}</dd>
<dt>Country</dt><dd>${countryName(view.country)}</dd>
<dt>Account</dt><dd><code>${view.accountId}</code></dd>
<dt>Requested</dt><dd>${view.capabilities.length === 0 ? "nothing" : view.capabilities.map(capability)}</dd>
</dl>
<form method="post">
<button type="submit" class="primary" name="complete" value="yes">Complete onboarding</button>
</form>
${wayBack(view, "Not now, return to")}`;
}

function completed(view: OnboardingView): Html {
  return html`<h1>All done</h1>
<p>The account <code>${view.accountId}</code> can now be paid by ${view.platformName}.</p>
${wayBack(view, "Return to")}`;
}

function expired(view: OnboardingView): Html {
  return html`<h1>This link has expired</h1>
<p>Onboarding links work once and for a few minutes only. Nothing is lost: ask ${view.platformName} for a new one.</p>
${view.refreshUrl !== null && html`<p><a class="primary" href="${link(view.refreshUrl)}">Get a new link</a></p>`}
${wayBack(view, "Return to")}`;
}

const CAPABILITIES = new Map([
  ["transfers", "receive transfers"],
  ["card_payments", "accept card payments"],
]);

function capability(name: string): Html {
  const meaning = CAPABILITIES.get(name);
  return html`<span>${meaning !== undefined && `${meaning} `}<code>${name}</code></span>`;
}

function countryName(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  return `${new Intl.DisplayNames("en", { type: "region" }).of(code) ?? code} (${code})`;
}

/** Leads back to the application, or where it has no page of its own, to the start. */
function wayBack(view: OnboardingView, words: string): Html | false {
  if (view.returnUrl === null && view.state === "open") return false;
  return html`<p class="cancel"><a href="${link(view.returnUrl ?? "/console/welcome")}">${words} ${view.platformName}</a></p>`;
}
