import type { Route } from "./route";

const conventions = `
**Requests** are JSON, and an unknown member or parameter is refused by its name. Ids may be written in any case.

**Repeats.** A POST takes an \`Idempotency-Key\`: the same request under the same key happens once, and is answered again
with \`Idempotent-Replayed: true\`. Answers with \`Retry-After\` say when to send the same request again.

**Errors** have a stable name, \`code\` (\`errorCode\` in the transfers contract). Each operation lists its codes by status, and
[the catalogue](/errors/) says of each what it means, whether the same request may succeed later, and what to do next. Beside
the answers listed, a path may answer 405 with \`Allow\`, and a server that is not set up 503 with problem details.

**Caching.** Answers of the API are \`no-store\`, unless their \`Cache-Control\` says otherwise. They have no \`ETag\`: only the
pages and the typed clients, which are files, have one.

Begin with [First steps](/guides/first-steps); everything else stands in [the guides](/guides/).`;

const purposes: Record<string, string> = {
  "Accord: offers":
    "A client asks for an expert opinion, experts make offers, the client pays one of them, and the expert is paid.",
  "Accord: payments": "Developers open connected accounts, and their shoppers pay orders on them.",
  "Accord: transfers": "Applications exchange money between their users' tags, with wallets and a daily settlement.",
  "Accord: operator": "The books, what waits for a person, webhook endpoints, and Stripe's own webhook.",
};

const whole = `A payments service with three contracts: marketplace offers, payments on connected accounts, and transfers between
applications. It keeps a double-entry ledger of every cent. Where two contracts have the same path, the credential says
which one is meant; each contract has a description of its own, too.`;

/** Describes what the description is about. */
export function describeInfo(title: string, _routes: readonly Route[]) {
  return {
    title,
    version: "1.0.0",
    description: `${purposes[title] ?? whole}\n${conventions}`,
    contact: { name: "The operator of this server" },
    license: { name: "MIT", identifier: "MIT" },
  };
}

const tags: Record<string, string> = {
  Applications: "Who takes part in transfers: its registration, keys and tokens.",
  "Apps and users": "A developer's apps, and the shoppers of each.",
  "Connected accounts": "The sellers whom payments are for: onboarding at Stripe, and their state.",
  Disputes: "What a cardholder's bank takes back, and until when it can be answered.",
  Offers: "What experts offer for a testimony, and how a client pays one of them.",
  Operator: "The operator's commands and views: the books, what needs attention, Stripe's events and calls.",
  Orders: "What is to be paid, to whom, and for how much.",
  "Payment methods": "A shopper's stored cards and bank accounts.",
  Payouts: "The expert's account at Stripe, to which the money goes.",
  Refunds: "Money back to the shopper.",
  Service: "The state of the service, its descriptions, and the events of Stripe's.",
  Settlement: "What applications owe each other for a day.",
  Subjects: "The users of an application.",
  Tags: "The names by which subjects are paid.",
  Testimonies: "What clients ask experts for, from the question to the opinion.",
  Tokens: "A developer's own tokens: replaced with an overlap, listed, ended.",
  Transactions: "Payments of orders in the payments contract, and transfers between tags in the transfers contract.",
  Users: "Clients and experts: registration, login, sessions, profile and notifications.",
  Wallets: "What an application holds in each currency, and every entry of it.",
  "Webhook records": "How an application was told of a transaction.",
  Webhooks: "Endpoints for events, and their deliveries.",
};

/** Describes the tags that the routes have. One without a text here is none that a reader could use. */
export function describeTags(routes: readonly Route[], hasWebhooks: boolean) {
  const used = [...new Set(routes.map(({ contract: { tag } }) => tag))];
  return [...used, ...(hasWebhooks ? ["Events"] : [])].map((name) => {
    const description = name === "Events" ? events : tags[name];
    if (description === undefined) throw new Error(`describe-info.ts does not say what the tag ${name} is about`);
    return { name, description };
  });
}

const events = "What Accord sends itself. Each message is signed: the typed clients' `verifyWebhook` checks it.";
