import { moduleOf, type Sources } from "./architecture.ts";
import { resolvedImports } from "./imports.ts";

/** The layers whose files stand in folders by product, with what all products share in the layer's root. */
const layers = ["http", "operations", "db", "domain"];

/** Every folder of a layer, and the others that its files may import from, in the same layer and in those below. */
const folders: Record<string, string[]> = {
  offers: [],
  payments: [],
  transfers: [],
  webhooks: [],
  // An operator looks into every product.
  operator: ["offers", "payments", "restore", "transfers", "webhooks"],
  // Stripe tells of the platform's money and of that on connected accounts in the same form.
  "stripe-events": ["offers", "payments"],
  // A database that was put back has lost rows of every product.
  restore: ["offers", "payments", "transfers", "webhooks"],
  // Says how the operation goes.
  status: ["operator"],
  problem: [],
};

interface Exception {
  /** Modules, or folders of them. */
  from: string[];
  to: string[];
  reason: string;
}

const exceptions: Exception[] = [
  { from: layers, to: ["http/problem"], reason: "errors outside of a contract have one form" },
  {
    from: ["offers", "payments", "transfers"].flatMap((name) => layers.map((layer) => `${layer}/${name}`)),
    to: ["domain/webhooks", "http/webhooks/catalogue", "http/webhooks/event-envelope"],
    reason: "a change names its events, a notification shows members of one, the transfers contract has own webhooks",
  },
  {
    from: ["http/webhooks/dialect"],
    to: ["http/operator/dialect", "http/payments/auth", "http/transfers/auth"],
    reason: "an endpoint belongs to an operator, a developer or an application: each proves itself as in its contract",
  },
  {
    from: ["http/webhooks/catalogue", "domain/webhooks/delivery-job"],
    to: ["domain/offers", "domain/transfers"],
    reason: "the catalogue says what an event's states are, and one queue carries the jobs of both kinds of webhook",
  },
  {
    from: ["operations/payments/connected-accounts/check-connected-account"],
    to: ["operations/stripe-events"],
    reason: "events of one account that never arrived are read when the account is looked at",
  },
];

/** The files of a layer's root that bring its products together, and what each does. No other file there knows one. */
const junctions: Record<string, string> = {
  "db/schema": "every table, for Drizzle",
  "db/commit": "writes the deliveries of a change's events in its batch",
  "db/due": "what is due, in every table",
  "db/attention": "ends the reasons that are shown to an operator",
  "db/postings": "what is booked, by the object that moved it",
  "db/stripe-effects": "the calls of every product, with a payment's order",
  "db/stripe-fees": "finds what Stripe's bill is for",
  "domain/explanation-rules": "why something of any product has not ended",
  "domain/explained-rows": "the same for rows of any product",
  "operations/operations": "the table of commands",
  "operations/resume-effect": "which operation resumes which call of a testimony or an expert's account",
  "operations/resume-call": "which operation resumes which call",
  "operations/sweep": "everything that the clock does",
};

/** Imports between products that nothing above allows, and folders that the grid does not have. One sentence each. */
export function crossings(sources: Sources): string[] {
  const strange = inLayers(sources).filter(({ folder }) => folder !== undefined && !(folder in folders));
  return [
    ...strange.map(({ path, folder }) => `${path}: the grid has no folder ${folder}`),
    ...arrows(sources)
      .filter((arrow) => !exceptions.some((one) => covers(one, arrow)) && !isJunction(arrow))
      .map(({ path, to }) => `${path} imports from ${to}`),
  ];
}

/** Exceptions and junctions that nothing needs any more. */
export function idleExceptions(sources: Sources): string[] {
  const needed = arrows(sources);
  return [
    ...exceptions.filter((one) => !needed.some((arrow) => covers(one, arrow))).map(({ reason }) => reason),
    ...Object.keys(junctions).filter((name) => !needed.some(({ from }) => from === name)),
  ];
}

interface Arrow {
  path: string;
  from: string;
  to: string;
}

/** Imports from one product's folder into another's, and from a layer's root into one of its folders. */
function arrows(sources: Sources): Arrow[] {
  return inLayers(sources).flatMap(({ path, layer, folder }) =>
    resolvedImports(sources, path).flatMap((target) => {
      const [other] = inLayers({ [target]: "" });
      if (other?.folder === undefined || other.folder === folder) return [];
      if (folder === undefined ? other.layer !== layer : folders[folder]?.includes(other.folder)) return [];
      return [{ path, from: moduleOf(path), to: moduleOf(target) }];
    }),
  );
}

function inLayers(sources: Sources) {
  return Object.keys(sources).flatMap((path) => {
    const [, layer = "", folder, file] = /^src\/(\w+)\/(?:([\w-]+)\/)?(.+)$/.exec(path) ?? [];
    return file && layers.includes(layer) ? [{ path, layer, folder }] : [];
  });
}

function covers({ from, to }: Exception, arrow: Arrow): boolean {
  const isIn = (module: string) => (place: string) => module === place || module.startsWith(`${place}/`);
  return from.some(isIn(arrow.from)) && to.some(isIn(arrow.to));
}

function isJunction({ from }: Arrow): boolean {
  return from in junctions;
}

/** Circles of imports, types included: each as the files that it passes. Tarjan's strongly connected components. */
export function circles(sources: Sources): string[] {
  const found: string[] = [];
  const order = new Map<string, number>();
  const stack: string[] = [];
  const visit = (path: string): number => {
    const own = order.size;
    order.set(path, own);
    stack.push(path);
    let low = own;
    for (const target of resolvedImports(sources, path)) {
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (stack.includes(target)) low = Math.min(low, order.get(target) ?? low);
    }
    if (low === own) {
      const circle = stack.splice(stack.indexOf(path));
      if (circle.length > 1) found.push(circle.join(" → "));
    }
    return low;
  };
  for (const path of Object.keys(sources)) if (!order.has(path)) visit(path);
  return found;
}
