import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { malformedSettings } from "../src/cli/deploy/malformed";
import { withSecretsFile } from "../src/cli/deploy/secrets-file";
import { readSettings } from "../src/cli/deploy/settings";
import { isPublished } from "../src/published-values";

const example = readFileSync(".dev.vars.example", "utf8");
const read = (text: string) => readSettings(text, example);

describe("the settings that are uploaded", () => {
  it("are what the file says, whatever the shell says", () => {
    process.env.STRIPE_SECRET_KEY = "sk_test_of_the_shell";
    const text = `STRIPE_SECRET_KEY=sk_live_file
ADMIN_TOKENS='anna:a$HOME#b'
TURNSTILE_SECRET="$0 # \${STRIPE_SECRET_KEY}"
MERCHANT_NAME=Accord # what stands on the bill
# FRONTEND_URL=https://nobody.test`;
    expect(read(text)).toEqual({
      values: {
        STRIPE_SECRET_KEY: "sk_live_file",
        ADMIN_TOKENS: "anna:a$HOME#b",
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what must not be expanded
        TURNSTILE_SECRET: "$0 # ${STRIPE_SECRET_KEY}",
        MERCHANT_NAME: "Accord",
      },
      problems: [],
    });
    delete process.env.STRIPE_SECRET_KEY;
  });

  it.each([
    ["TURNSTILE_SECRET=", "TURNSTILE_SECRET is empty: give it a value, or leave the line out"],
    ['TURNSTILE_SECRET="" # later', "TURNSTILE_SECRET is empty: give it a value, or leave the line out"],
    ["FRONTEND_URL=https://shop.test#cart", "FRONTEND_URL has a # in its middle: put quotes around the whole value"],
    ["SANDBOX=true", "SANDBOX is not a setting: .dev.vars.example lists those that there are"],
    ["LOCATION_HINT=oc", "LOCATION_HINT is not a setting: .dev.vars.example lists those that there are"],
    ...["ADMIN_TOKENS=alice:replace_with_64_hex_digits", "STRIPE_SECRET_KEY=sk_test_replace_me"].map((line) => [
      line,
      `${line.split("=")[0]} is still a value that is printed in the repository: put your own there`,
    ]),
  ])("are refused by name: %s", (line, problem) => expect(read(line as string).problems).toEqual([problem]));

  it("are what the Worker takes", async () => {
    const values = { STRIPE_SECRET_KEY: "sk_live_x", FRONTEND_URL: "https://shop.test", ADMIN_TOKENS: "anna:$1#2" };
    expect(await malformedSettings(values)).toEqual([]);
    const wrong = { ...values, STRIPE_PUBLISHABLE_KEY: "pk_test_x", ADMIN_TOKENS: "anna", STRIPE_TIMEOUT_MS: "5" };
    expect(await malformedSettings(wrong)).toEqual([
      expect.stringMatching(/^STRIPE_TIMEOUT_MS /),
      "ADMIN_TOKENS each entry is name:token or name/read:token, entries are separated by commas",
      "STRIPE_PUBLISHABLE_KEY is of the other mode than STRIPE_SECRET_KEY",
    ]);
  });

  it("are in no case what the form itself holds, or the sandbox", () => {
    const filled = [...example.matchAll(/^([A-Z_]+)=(.+)$/gm)];
    expect(filled.map(([, name]) => name)).toEqual(["STRIPE_SECRET_KEY"]);
    for (const [, name, value] of filled) expect(isPublished(value ?? ""), name).toBe(true);

    const sandbox = readFileSync("wrangler.toml", "utf8").split("[env.sandbox.vars]")[1] ?? "";
    const secret = /^(STRIPE_\w+KEY|STRIPE_WEBHOOK_SECRETS|ADMIN_TOKENS|\w+_KEYS) = "(.+)"$/gm;
    const values = [...sandbox.matchAll(secret)];
    expect(values).toHaveLength(7);
    for (const [, name, value] of values) expect(isPublished(value ?? ""), name).toBe(true);
  });

  it.each(["whsec_platform,whsec_own", "whsec_own, whsec_connected_accounts", "https://app.example.com"])(
    "are not %s",
    (value) => expect(isPublished(value)).toBe(true),
  );

  it.each(["whsec_platformXyz", "sk_live_sandbox9", "whsec_5Q0replace", "https://shop.example"])("may be %s", (value) =>
    expect(isPublished(value)).toBe(false),
  );

  it("lie in a file of the user's alone, which is gone afterwards whatever happens", async () => {
    let path = "";
    const failing = withSecretsFile({ ADMIN_TOKENS: "a:b$c#d" }, async (file) => {
      path = file;
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ ADMIN_TOKENS: "a:b$c#d" });
      throw new Error("wrangler broke");
    });
    await expect(failing).rejects.toThrow("wrangler broke");
    expect(path).not.toBe("");
    expect(existsSync(path)).toBe(false);
  });
});

it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("leaves no file of settings behind on %s", async (signal) => {
  const script = `import { withSecretsFile } from "./src/cli/deploy/secrets-file.ts";
    setInterval(() => {}, 1000);
    await withSecretsFile({ ADMIN_TOKENS: "a:b" }, (path) => new Promise(() => console.log(path)));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const path = await new Promise<string>((done) => child.stdout.once("data", (chunk) => done(String(chunk).trim())));
  expect(existsSync(path)).toBe(true);
  child.kill(signal);
  await new Promise((done) => child.on("close", done));
  expect(existsSync(path)).toBe(false);
});
