import type { Edge } from "../edge";
import type { Reply } from "../route";

/**
 * Returns a 422 for the first URL, by the name of its input, to which nobody may be sent; undefined if there is none.
 */
export function refuseReturnUrls(edge: Edge, urls: Record<string, string | null | undefined>): Reply | undefined {
  const { loopbackAllowed } = edge.settings;
  const wrong = Object.entries(urls).find(([, url]) => typeof url === "string" && !isAllowed(url, loopbackAllowed));
  if (!wrong) return undefined;
  const [field] = wrong;
  const text = `${field} must begin with https:// and hold no credentials`;
  return { answer: { status: 422, text, code: "input_invalid", field } };
}

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/** Tells whether a URL is allowed: https, and in the sandbox also http to this machine. */
function isAllowed(text: string, loopbackAllowed: boolean): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isLocal = protocol === "http:" && loopbackAllowed && loopbackHosts.includes(hostname);
  return (protocol === "https:" || isLocal) && username === "" && password === "";
}
