const verifyUrl = "https://challenges.cloudflare.com/turnstile/v0/siteverify";
const timeoutMs = 5_000;

/**
 * Asks Turnstile whether a person sent the token. Throws if Turnstile does not answer, so that nobody passes unchecked.
 */
export async function passesTurnstile(secret: string, token: string, address: string): Promise<boolean> {
  const response = await fetch(verifyUrl, {
    method: "POST",
    body: new URLSearchParams({ secret, response: token, remoteip: address }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const { success } = (await response.json()) as { success?: boolean };
  return success === true;
}
