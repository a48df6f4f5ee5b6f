/** Makes the option that sends a call to a connected account; none for the platform, whose account id is empty. */
export function onAccount(stripeAccountId: string): { stripeAccount?: string } {
  return stripeAccountId === "" ? {} : { stripeAccount: stripeAccountId };
}
