/**
 * The refusals by which Stripe demands something of the platform before it opens accounts for it, and the step that its
 * owner must take. None has a code of its own; the words are those that Stripe's users report.
 */
const platformRefusals: readonly [says: RegExp, todo: string][] = [
  [
    /Accounts v1/,
    "Switch Accounts v1 support on: https://dashboard.stripe.com/settings/developers/api-policies/feat_accounts_v1_support",
  ],
  [
    /managing losses|connect\/platform-profile/,
    "Sign the platform profile, with the responsibility for losses: https://dashboard.stripe.com/settings/connect/platform-profile",
  ],
  [/signed up for Connect/, "Sign up for Connect: https://dashboard.stripe.com/connect"],
  [
    /platform needs approval/,
    "Set EXPERT_CAPABILITIES to card_payments,transfers, or ask Stripe to approve of transfers alone: https://support.stripe.com/contact",
  ],
];

/** Returns the step that the platform's owner must take at Stripe; undefined if the refusal is about something else. */
export function platformTodo(message: string): string | undefined {
  return platformRefusals.find(([says]) => says.test(message))?.[1];
}
