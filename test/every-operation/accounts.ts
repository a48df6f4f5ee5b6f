import { eventOf, postEvent } from "../post-event.ts";
import { type Caller, type Meter, operator } from "./meter.ts";

/** Performs every operation about developers, their apps and shoppers, and connected accounts. */
export async function everyAccountOperation(meter: Meter): Promise<void> {
  await meter.journey.events("hold");
  const by = await makeDeveloper(meter);
  await makeShopper(meter, by);
  await openAndDelete(meter, by);
  await meter.journey.events("deliver");
}

async function makeDeveloper(meter: Meter): Promise<Caller> {
  const developer = { name: "Corner Shop", email: `dev-${crypto.randomUUID()}@example.com` };
  const { data } = await meter.ask("create-developer", 201, "POST", "/admin/developers", operator, developer);
  const path = `/admin/developers/${data.id}`;
  await meter.ask("list-developers", 200, "GET", "/admin/developers", operator);
  await meter.ask("view-developer", 200, "GET", path, operator);
  const rotated = await meter.ask("rotate-developer-token", 201, "POST", `${path}/tokens`, operator, {});
  const prefix = data.token.slice(0, 12);
  await meter.ask("revoke-developer-token", 204, "DELETE", `${path}/tokens/${prefix}`, operator);
  return { headers: { "X-Developer-Token": rotated.data.token } };
}

async function makeShopper(meter: Meter, by: Caller): Promise<void> {
  await meter.worked("(queue) note the use of a token", () =>
    meter.ask("create-app, with a token not used yet", 201, "POST", "/apps", by, { name: "Web" }),
  );
  const { data } = await meter.ask("create-app", 201, "POST", "/apps", by, { name: "Mobile" });
  await meter.ask("list-apps", 200, "GET", "/apps", by);
  const made = (await meter.ask("create-token", 201, "POST", "/developer-tokens", by, {})).data;
  await meter.ask("list-tokens", 200, "GET", "/developer-tokens", by);
  await meter.ask("revoke-token", 204, "DELETE", `/developer-tokens/${made.prefix}`, by);
  const shopper = { app_id: data.id, external_id: "shopper-7" };
  await meter.ask("create-app-user", 201, "POST", "/users", by, shopper);
}

async function openAndDelete(meter: Meter, by: Caller): Promise<void> {
  const { journey } = meter;
  const accounts = "/connected-accounts";
  const email = `seller-${crypto.randomUUID()}@example.com`;
  const opened = await meter.ask("open-connected-account", 201, "POST", accounts, by, { email });
  await meter.ask("open-connected-account, one that exists", 409, "POST", accounts, by, { email });
  const { account_id } = opened.data;
  const page = await meter.ask("create-onboarding-link", 201, "POST", `${accounts}/onboarding`, by, { account_id });
  await journey.call("POST", new URL(page.links.onboarding_url).pathname);
  const event = await eventOf(journey, "account.updated", ({ id }) => id === account_id, account_id);
  await meter.worked("(queue) follow an event about an account", () => postEvent(journey, event));
  await meter.worked("(queue) follow one that tells nothing new", () =>
    postEvent(journey, { ...event, id: `${event.id}twin` }),
  );
  await meter.ask("create-login-link", 201, "POST", `${accounts}/login`, by, { account_id });
  await meter.ask("view-connected-account", 200, "GET", `${accounts}/${account_id}`, by);
  await meter.ask("list-connected-accounts", 200, "GET", accounts, by);
  await meter.ask("delete-connected-account", 204, "DELETE", `${accounts}/${account_id}`, by);
}
