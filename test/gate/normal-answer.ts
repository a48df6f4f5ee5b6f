/** What stands in a recorded answer for things that differ from run to run, by their form. The first that fits is taken. */
const forms: [form: RegExp, write: (found: string) => string][] = [
  [/^eyJ[\w-]+\.[\w-]+\.[\w-]*(\.[\w-]*){0,2}$/, () => "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"],
  [
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
    (found) => (found.includes(".") ? "2026-11-20T09:01:20.853Z" : "2026-11-20T09:01:20Z"),
  ],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+]00:00$/, () => "2026-11-20T09:01:20+00:00"],
];

/** The members that stand for a description, a collection for Postman, and a schema of JSON. */
const documents = [
  ["openapi", "info"],
  ["info", "variable"],
  ["$schema", "type"],
];

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const stripeId = /\b(acct|pi|ch|cs_test|cs|pm|cus|re|tr|evt|seti|src|ba|py|pyr|txn|fr|trr|dp|du)_[A-Za-z0-9_]{6,}\b/g;

/**
 * Writes an answer as an example: the same answer of another run gives the same example. Ids keep whether they are
 * equal, and times, tokens and keys become ones that are nobody's.
 */
export function normalAnswer(body: unknown): unknown {
  const seen = new Map<string, string>();
  const named = (found: string, make: (count: number) => string) => {
    const known = seen.get(found) ?? make(seen.size + 1);
    seen.set(found, known);
    return known;
  };
  const text = (value: string, member: string): string => {
    if (member === "requestId") return "01a1f91e-f699-84f8-8dd3-bd4d5efaa050";
    if (member === "timestamp") return "2026-11-20T09:01:20.853Z";
    if (member === "request_path") return "https://pay.example.com/api/v1/transactions";
    if (member === "request_method") return "POST";
    if (["x", "y", "d"].includes(member) && value.length > 40) return "A".repeat(42).concat("Q");
    const form = forms.find(([pattern]) => pattern.test(value));
    if (form) return form[1](value);
    return value
      .replace(uuid, (id) => named(id, (count) => `01a1f91e-f699-84f8-8dd3-${String(count).padStart(12, "0")}`))
      .replace(stripeId, (id, kind: string) => named(id, (count) => `${kind}_1Nv0FGQ9RKHgCV${count}`))
      .replace(/\bwhsec_[\w+/=-]{20,}/g, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") // a published example
      .replace(/\b(dev|app|acc)_[\w+/=-]{20,}/g, (_, kind: string) => `${kind}_${"A".repeat(42)}E`)
      .replace(/TXN-\d{8}-[0-9A-F]{8}/g, (id) =>
        named(id, (count) => `TXN-16820000-AB1C2D${String(count).padStart(2, "0")}`),
      )
      .replace("admin_sandbox", "an-operators-token")
      .replace(/http:\/\/localhost(:\d+)?/g, "https://pay.example.com")
      .replace(/[\w.+-]+@(example\.(?:com|org|net))/g, (found, host: string) => named(found, () => `person@${host}`))
      .replace(/[0-9a-f]{64}/g, "0".repeat(64))
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "2026-11-20T09:01:20.853Z")
      .replace(/\b20\d\d-\d\d-\d\d\b/g, "2026-11-20");
  };
  const walk = (value: unknown, member: string): unknown => {
    if (typeof value === "string") return text(value, member);
    if (typeof value === "number" && value > 1_600_000_000 && value < 10_000_000_000_000)
      return value > 1e12 ? 1_795_161_680_853 : 1_795_161_680;
    if (Array.isArray(value)) return value.slice(0, 2).map((one) => walk(one, member));
    if (typeof value !== "object" || value === null) return value;
    // Of a whole document, its head says enough.
    const head = documents.find((names) => names.every((name) => name in value));
    const members = Object.entries(value).filter(([name]) => head === undefined || head.includes(name));
    return Object.fromEntries(members.map(([name, one]) => [name, walk(one, name)]));
  };
  return walk(body, "");
}
