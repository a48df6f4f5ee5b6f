import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { experimental_getWranglerCommands } from "wrangler";
import { regions } from "../src/cli/deploy/configuration";
import { connectedTypes, platformTypes } from "../src/operations/stripe-events/handled-types";
import { anchorsOf } from "./gate/anchors";

const folder = "src/guides";
const names = readdirSync(folder);
const readme = readFileSync("README.md", "utf8");
const contributing = readFileSync("CONTRIBUTING.md", "utf8");
const texts = new Map(names.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
const guides = [...texts.values()].join("\n");
const deploy = texts.get("deploy.md") ?? "";

/** The first line of the blocks of a page. */
const setsBase = /^BASE=\$\{BASE:-http:\/\/localhost:8787\}$/;

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, found = ""]) => found);

/** Resolves a link of a page to the path of its target from the root, and the heading there. */
function targetOf(page: string, link: string): { path: string; anchor: string | undefined } {
  const [file = "", anchor] = link.split("#");
  return { path: file === "" ? page : posix.normalize(posix.join(posix.dirname(page), file)), anchor };
}

describe("the guides", () => {
  it("are found from the README", () => {
    const linked = new Set(all(readme, /\]\(src\/guides\/([\w-]+\.md)\)/g));
    expect([...linked].sort()).toEqual([...names].sort());
  });

  it("are short enough to be read", () => {
    const linesOf = (text: string) => text.trimEnd().split("\n").length;
    expect(linesOf(readme)).toBeLessThanOrEqual(250);
    expect([...texts].filter(([, text]) => linesOf(text) > 200).map(([name]) => name)).toEqual([]);
  });

  it("name tests that there are, for each requirement of security", () => {
    const rows = all(texts.get("security.md") ?? "", /^(\| \d.+\|)$/gm);
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !row.includes("`test/"))).toEqual([]);
    const tests = rows.flatMap((row) => all(row, /`(test\/[\w./-]+)`/g));
    expect(tests.filter((path) => !path.endsWith(".test.ts") || !existsSync(path))).toEqual([]);
  });

  it("point at what there is", () => {
    const pages = [
      "README.md",
      "CONTRIBUTING.md",
      "SECURITY.md",
      "CHANGELOG.md",
      ...names.map((name) => `${folder}/${name}`),
    ];
    const links = pages.flatMap((page) =>
      all(readFileSync(page, "utf8"), /\]\(([^)]+)\)/g).map((link) => ({ page, link })),
    );
    const inside = links.filter(({ link }) => !link.startsWith("https://"));
    expect(inside.length).toBeGreaterThan(50);
    const broken = inside.filter(({ page, link }) => {
      const { path, anchor } = targetOf(page, link);
      if (!existsSync(path)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(path, "utf8")).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it("name only steps that there are", () => {
    const ofDeployments = ["deploy.md", "first-hours.md", "operate.md"].map((name) => texts.get(name) ?? "").join("\n");
    const headings = all(deploy, /^## (\d+)\. /gm);
    const steps = all(ofDeployments + readFileSync("src/cli/deploy.ts", "utf8"), /\b[Ss]teps? (\d+)/g);
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.filter((step) => !headings.includes(step))).toEqual([]);
  });

  it("tell a shell where the server is by one variable", () => {
    const blocks = all(guides + readme, /^```sh\n(.*?)^```$/gms);
    const lines = blocks.flatMap((block) => block.split("\n"));
    expect(lines.filter((line) => /localhost:8787/.test(line) && !setsBase.test(line))).toEqual([]);
  });

  it("name only programs of package.json", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    const named = all(guides + readme + contributing, /\bnpm run (?:-s )?([\w:]+)/g);
    expect(named).toContain("deploy");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("name only commands and flags that this wrangler has", () => {
    const commands = all(guides + readme, /\bnpx wrangler ([^`\n]+)/g);
    expect(commands.length).toBeGreaterThan(12);
    expect(commands.flatMap((command) => unknownTo(command))).toEqual([]);
    // A search that cannot fail proves nothing.
    expect(unknownTo("d1 time-machine info accord")).toEqual(["d1 time-machine info accord"]);
    expect(unknownTo("rollback --sideways")).toEqual(["rollback --sideways: --sideways"]);
  });

  it("name only paths that the API has", () => {
    const { paths } = JSON.parse(readFileSync("dist/assets/openapi.json", "utf8"));
    const known = Object.keys(paths).map((path) => path.replace(/^\/api\/v1/, "").replace(/\{\w+\}/g, ":id"));
    const named = all(guides, /(?:GET|POST) \/api\/v1(\/[\w:/-]+)/g);
    expect(named).toContain("/me/payout-account");
    expect(named.filter((path) => !known.includes(path))).toEqual([]);
  });

  it("name only settings that there are", () => {
    const example = readFileSync(".dev.vars.example", "utf8");
    const settings = all(guides, /`((?:STRIPE|TRANSFERS?|WEBHOOK|ADMIN|FRONTEND|CORS)_\w+)`/g);
    expect(settings).toContain("WEBHOOK_SEALING_KEYS");
    const tools = ["ADMIN_TOKEN"];
    expect(settings.filter((name) => !example.includes(`${name}=`) && !tools.includes(name))).toEqual([]);
  });
});

describe("the deployment guide", () => {
  const listed = (variable: string) =>
    (new RegExp(`^${variable}="([^"]+)"`, "m").exec(deploy)?.[1] ?? "").split(/\s+/).filter(Boolean);

  it("registers Stripe's endpoints for the events that are acted on", () => {
    expect(listed("PLATFORM").sort()).toEqual([...platformTypes].sort());
    expect(listed("CONNECTED").sort()).toEqual([...connectedTypes].sort());
  });

  it("registers them in the version of the API that we speak", () => {
    const version = /stripeApiVersion = "([^"]+)"/.exec(readFileSync("src/stripe/version.ts", "utf8"))?.[1];
    expect(all(deploy, /api_version=([\w.-]+)/g)).toEqual([version]);
  });

  it("tells the region that fits each location", () => {
    const rows = [...deploy.matchAll(/^\| `(\w+)`[^|]*\|[^|]+\| `(\w+:[\w-]+)` \|$/gm)];
    expect(Object.fromEntries(rows.map(([, location, region]) => [location, region]))).toEqual(regions);
  });
});

interface Node {
  definition?: { type: string; args?: Record<string, { alias?: string }>; aliasOf?: string };
  subtree: Map<string, Node>;
}

/** Lists the parts of a command line that wrangler does not know: the whole of it, or its flags. */
function unknownTo(line: string): string[] {
  const { registry, globalFlags } = experimental_getWranglerCommands() as unknown as {
    registry: Node;
    globalFlags: Record<string, object>;
  };
  let node = registry;
  for (const word of line.split(" ")) {
    const next = node.subtree.get(word);
    if (next === undefined) break;
    node = next;
  }
  if (node.definition?.type !== "command") return [line];
  const known = [...Object.keys(node.definition.args ?? {}), ...Object.keys(globalFlags)];
  const flags = all(line, /(--[\w-]+)/g).filter((flag) => !known.includes(flag.slice(2)));
  return flags.map((flag) => `${line}: ${flag}`);
}
