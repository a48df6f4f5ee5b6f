export const securityTextPath = "/.well-known/security.txt";

/** Half a year: RFC 9116, 2.5.5, recommends less than a year. Every answer is made anew, so none has expired. */
const validityMs = 182 * 86_400_000;

/** Prints where vulnerabilities are reported (RFC 9116). The canonical address of a web page must be https (2.5.2). */
export function printSecurityText(contact: string, { protocol, host }: URL, nowMs: number): Response {
  const lines = [
    `Contact: ${contact}`,
    `Expires: ${new Date(nowMs + validityMs).toISOString()}`,
    "Preferred-Languages: en",
    ...(protocol === "https:" ? [`Canonical: https://${host}${securityTextPath}`] : []),
  ];
  return new Response(`${lines.join("\n")}\n`, { headers: { "Content-Type": "text/plain; charset=utf-8" } });
}
