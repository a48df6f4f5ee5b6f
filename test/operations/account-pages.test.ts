import { beforeEach, expect, it } from "vitest";
import { recordLog } from "../histories/recorder";
import { journey } from "../http/checked";
import { Seller } from "../seller";
import { rows } from "./rows";

/** Tests of pages that open somebody's account at Stripe: whoever knows the address is logged in. */

beforeEach(() => journey.reset());

const key = { "Idempotency-Key": "the-same" };

/** Requests every such page twice under one key, and returns the addresses. */
async function askForPages(): Promise<{ pages: string[]; replayed: (string | null)[] }> {
  const seller = await Seller.register(journey);
  const email = "seller@example.com";
  const opened = [await seller.open({ email }, key), await seller.open({ email }, key)];
  const account = { account_id: opened[0]?.body.data.account_id };
  const onboarding = () => seller.ask("POST", "/connected-accounts/onboarding", account, key);
  const login = () => seller.ask("POST", "/connected-accounts/login", account, key);
  const linked = [await onboarding(), await onboarding()];
  await seller.onboard(linked[1]?.body.links.onboarding_url);
  const logins = [await login(), await login()];
  const expert = await journey.registerExpert();
  const pay = () => journey.call("POST", "/api/v1/me/payout-account", { token: expert.token, body: {}, headers: key });
  const payouts = [await pay(), await pay()];
  await journey.advance(60);
  const all = [...opened, ...linked, ...logins, ...payouts];
  expect(all.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201, 200, 200]);
  return {
    pages: [
      ...[...opened, ...linked].map(({ body }) => body.links.onboarding_url),
      ...logins.map(({ body }) => body.data.login_url),
      ...payouts.map(({ body }) => body.data.url),
    ],
    replayed: all.map(({ headers }) => headers.get("Idempotent-Replayed")),
  };
}

it("are stored nowhere, an idempotency row included, and logged nowhere", async () => {
  const recorder = recordLog();
  const heard: string[] = [];
  try {
    recorder.secrets.push("/sandbox/dashboard/");
    const { pages } = await askForPages();
    const tables = await rows<{ name: string }>(
      "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '_cf_%'",
    );
    const stored = await Promise.all(
      tables.map(async ({ name }) => JSON.stringify(await rows(`select * from "${name}"`))),
    );
    expect(stored.join("")).toContain("open-connected-account");
    for (const page of pages) {
      const { pathname } = new URL(page);
      expect(stored.filter((text) => text.includes(pathname))).toEqual([]);
    }
    heard.push(...recorder.heard());
  } finally {
    recorder.stop();
  }
  expect(heard).toEqual([]);
});

it("are made afresh under the same key; opening an account is remembered, its page is not", async () => {
  const { pages, replayed } = await askForPages();
  const single = pages.filter((page) => !page.includes("/dashboard/"));
  expect(new Set(single).size).toBe(single.length);
  expect(replayed).toEqual([null, "true", null, null, null, null, null, null]);
  expect((await journey.stripe("/accounts")).data).toHaveLength(2);
});
