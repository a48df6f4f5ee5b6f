import { runWrangler } from "../wrangler.ts";
import { type Cloudflare, cloudflareAccount } from "./cloudflare.ts";
import { Refused } from "./refused.ts";

interface Account {
  id: string;
  name: string;
}

/**
 * Connects to the account to deploy to, with wrangler's own credentials: the account of wrangler.toml, that of
 * CLOUDFLARE_ACCOUNT_ID, or the only one of the login. Refuses to choose between several.
 */
export async function connect(configuredId: string | undefined): Promise<Cloudflare> {
  const named = configuredId ?? (process.env.CLOUDFLARE_ACCOUNT_ID || undefined);
  const [accountId, headers] = await Promise.all([named ?? onlyAccount(), credentials()]);
  return cloudflareAccount(accountId, headers);
}

async function onlyAccount(): Promise<string> {
  const { accounts } = await wranglerSays<{ accounts: Account[] }>(["whoami", "--json"]);
  const [only, ...others] = accounts;
  if (only === undefined) throw new Refused("The login or the token has no Cloudflare account that it may use.");
  if (others.length > 0) {
    throw new Refused(
      "There are several Cloudflare accounts. Say which one: CLOUDFLARE_ACCOUNT_ID=<id> npm run deploy",
      ...accounts.map(({ id, name }) => `  ${id}  ${name}`),
    );
  }
  return only.id;
}

async function credentials(): Promise<Record<string, string>> {
  const auth = await wranglerSays<{ token: string } | { key: string; email: string }>(["auth", "token", "--json"]);
  if ("token" in auth) return { authorization: `Bearer ${auth.token}` };
  return { "x-auth-key": auth.key, "x-auth-email": auth.email };
}

/** Returns what wrangler prints as JSON. Refuses, with wrangler's words, if it prints none. */
async function wranglerSays<Answer>(args: string[]): Promise<Answer> {
  const { code, output, printed } = await runWrangler(args);
  const json = printed.slice(printed.indexOf("{"));
  if (code === 0 && json.startsWith("{")) return JSON.parse(json) as Answer;
  throw new Refused(
    `Cloudflare does not know who deploys. Run npx wrangler login, or set CLOUDFLARE_API_TOKEN.`,
    `wrangler ${args.join(" ")} said: ${output.trim()}`,
  );
}
