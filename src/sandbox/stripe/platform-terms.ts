import { refused } from "../core/refusal";
import type { World } from "../core/world";

/** The platform's agreements with Stripe, which its operator makes once, in the dashboard or with Stripe's staff. */
export interface PlatformTerms {
  /** Accounts are opened by `POST /v1/accounts`, which a new platform has to ask for since the summer of 2026. */
  accountsV1: boolean;
  /** Whether the platform profile is signed: without it no account is opened whose losses the platform bears. */
  profileSigned: boolean;
  /** Whether Stripe has approved of accounts that receive transfers and take no cards. */
  transfersOnly: boolean;
}

const AT_FIRST: PlatformTerms = { accountsV1: true, profileSigned: true, transfersOnly: false };

export const PLATFORM_TERMS = Object.keys(AT_FIRST);

function platformTerms(world: World): PlatformTerms {
  return { ...AT_FIRST, ...(JSON.parse(world.settings.get("platform_terms") ?? "{}") as Partial<PlatformTerms>) };
}

export function setPlatformTerms(world: World, terms: Partial<PlatformTerms>): PlatformTerms {
  const changed = { ...platformTerms(world), ...terms };
  world.settings.set("platform_terms", JSON.stringify(changed));
  return changed;
}

/** Refuses an account that the platform may not open, in the words that Stripe's users report. */
export function refuseUnagreed(
  world: World,
  { capabilities, carriesLosses }: { capabilities: readonly string[]; carriesLosses: boolean },
): void {
  const { accountsV1, profileSigned, transfersOnly } = platformTerms(world);
  if (!accountsV1) {
    throw refused(
      undefined,
      "Stripe no longer recommends Accounts v1 for new Connect integrations. Create connected accounts with `POST /v2/core/accounts` instead. If your integration requires v1 account creation for a supported compatibility scenario, enable Accounts v1 support in the Dashboard: https://dashboard.stripe.com/settings/developers/api-policies/feat_accounts_v1_support.",
    );
  }
  if (carriesLosses && !profileSigned) {
    throw refused(
      undefined,
      "Please review the responsibilities of managing losses for connected accounts at https://dashboard.stripe.com/settings/connect/platform-profile.",
    );
  }
  if (!transfersOnly && capabilities.includes("transfers") && !capabilities.includes("card_payments")) {
    throw refused(
      undefined,
      "Your platform needs approval for accounts to have requested the `transfers` capability without the `card_payments` capability. If you would like to request transfers without card_payments, please contact us via https://support.stripe.com/contact.",
      "capabilities",
    );
  }
}
