/**
 * Replaces zod's English texts in the bundle (wrangler.toml, `alias`): each contract adapter words problems itself, and a
 * test sees that none of zod's texts is in an answer.
 */
export default function noLocale() {
  return { localeError: () => "" };
}
