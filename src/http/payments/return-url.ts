import type { Edge } from "../edge";
import type { Reply } from "../route";

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/**
 * A 422 for the first address, by the name of its input, that people are not sent to; undefined when there is none
 * (decisions P7).
 */
export function refuseReturnUrls(edge: Edge, urls: Record<string, string | undefined>): Reply | undefined {
  for (const [field, url] of Object.entries(urls)) {
    if (url !== undefined && !isReturnUrl(url, edge.settings)) {
      const text = `${field} must be a URL that begins with https:// and holds no credentials`;
      return { answer: { status: 422, text, code: "input_invalid", field } };
    }
  }
  return undefined;
}

/** https; in the sandbox http to this machine will do. */
function isReturnUrl(text: string, { loopbackAllowed }: Edge["settings"]): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && loopbackAllowed && loopbackHosts.includes(hostname));
}
