/**
 * Returns the URL if a person may be sent there by a click (http, https, or a path on this origin), and `/` for
 * anything else: escaping alone would let a `javascript:` URL through.
 */
export function link(url: string): string {
  if (/^\/(?![/\\])/.test(url)) return url;
  const protocol = URL.parse(url)?.protocol;
  return protocol === "http:" || protocol === "https:" ? url : "/";
}
