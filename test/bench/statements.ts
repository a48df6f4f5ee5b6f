/*
 * `npm run bench:statements` prints the processor time of building what an operation sends to the database, once with
 * every statement built anew and once with those that are compiled: the two in turns, in one process each, because this
 * is a machine among others.
 */
import { execFileSync } from "node:child_process";
import { build, type Plugin } from "esbuild";
import { root } from "../../src/cli/wrangler.ts";

const rounds = 3;

/** Statements are built against a database that answers nothing, as one batch each. */
const program = `
  import { drizzle } from "drizzle-orm/d1";
  import { takeKey } from "./src/db/idempotency";
  import { commit } from "./src/db/commit";
  import { testimonyReads } from "./src/db/offers/testimonies";
  import { selectApplication } from "./src/db/transfers/applications";
  import { transferReads, updateTransfer } from "./src/db/transfers/transfers";
  import { moveMoney } from "./src/db/transfers/wallet-movement";

  const db = drizzle({
    prepare: () => ({ bind: (...values) => values }),
    batch: async (statements) => statements.map(() => ({ results: [] })),
  });
  const transfer = { id: "1", reference: "r", senderAppId: "s", receiverAppId: "e", currency: "NGN", amount: 1,
    senderTag: "a", receiverTag: "b", narration: null };
  const reservation = { caller: "c", operation: "o", key: "k", reservationId: "i",
    unreserved: { fingerprint: "f", nowMs: 1, expiresAtMs: 2, leaseMs: 3 } };
  const change = () => ({ aggregateId: "1", version: 2, changeId: "c", tenant: "t", name: "accept-transfer", actor: "receiver",
    atMs: 1, requestId: "r", data: {}, audience: ["s", "e"], settles: { reservation, result: { ok: true, value: transfer } },
    events: { sequence: 2, list: [{ id: "v", type: "transfer.completed", data: {} }] },
    rows: [updateTransfer(db, "r", { state: "COMPLETED", acceptedAt: 1, updatedAt: 1 }),
      ...moveMoney(db, { transfer, atMs: 1, day: "2030-01-01" })] });
  const batches = {
    "accept a transfer: read": () => db.batch([selectApplication(db, "a"), ...transferReads(db, "r", "2030-01-01")]),
    "accept a transfer: write": () => commit(db, change()),
    "read a testimony": () => db.batch(testimonyReads(db, "t")),
  };
  const times = 2000;
  const spent = {};
  for (const [name, send] of Object.entries(batches)) {
    for (let warm = 0; warm < times; warm += 1) await send();
    const before = process.cpuUsage();
    for (let count = 0; count < times; count += 1) await send();
    const { user, system } = process.cpuUsage(before);
    spent[name] = (user + system) / times;
  }
  console.log(JSON.stringify(spent));
`;

/** Builds every statement anew. */
const notCompiled: Plugin = {
  name: "not-compiled",
  setup({ onLoad }) {
    const contents = "export const compiled = (build) => (db, values) => build(db, values);";
    onLoad({ filter: /src\/db\/compiled\.ts$/ }, () => ({ contents }));
  },
};

const [anew, compiled] = [await bundled([notCompiled]), await bundled([])];
const runs = Array.from({ length: rounds }, () => ({ anew: measure(anew), compiled: measure(compiled) }));
console.log(`${"microseconds, the least of three".padEnd(34)}${"built anew".padStart(12)}${"compiled".padStart(12)}`);
for (const name of Object.keys(runs[0]?.anew ?? {})) {
  const least = (side: "anew" | "compiled") => Math.min(...runs.map((run) => run[side][name] ?? Number.NaN));
  const [before, after] = [least("anew"), least("compiled")];
  console.log(`${name.padEnd(34)}${before.toFixed(0).padStart(12)}${after.toFixed(0).padStart(12)}`);
}

async function bundled(plugins: Plugin[]): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: root },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    plugins,
  });
  return outputFiles[0]?.text ?? "";
}

function measure(input: string): Record<string, number> {
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module"], { input }).toString());
}
