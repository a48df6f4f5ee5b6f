import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createApp } from "../../src/app";

/** The page of the console, as the Worker answers it at the address of every screen. */

const page = async (path: string, bindings: object = {}, init: RequestInit = {}) =>
  createApp().fetch(new Request(`https://pay.example.com${path}`, init), { ...env, ...bindings });

describe("the console's page", () => {
  it("is the same at every address of a screen, kept nowhere, under a policy that allows no inline code", async () => {
    const texts = [];
    for (const path of ["/console", "/console/", "/console/attention", "/console/objects/TXN-1?lanes=we"]) {
      const response = await page(path);
      expect(response.status).toBe(200);
      const headers = Object.fromEntries(response.headers);
      expect(headers).toMatchObject({
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "strict-transport-security": "max-age=63072000; includeSubDomains",
        "content-security-policy":
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      });
      texts.push(await response.text());
    }
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).not.toMatch(/ style=|<style|<script(?![^>]* src=)/);
  });

  it("loads one script and one style sheet, which exist under the names of their content", async () => {
    const text = await (await page("/console")).text();
    const loaded = [...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].flatMap(([, path]) => path ?? []);
    expect(loaded.map((path) => path.replace(/-[\da-f]{12}\./, "-*."))).toEqual([
      "/console/assets/sandbox-*.css",
      "/console/assets/sandbox-*.js",
    ]);
    for (const path of loaded) expect((await env.ASSETS.fetch(`https://assets${path}`)).status).toBe(200);
    expect((await env.ASSETS.fetch("https://assets/console/assets/console-000000000000.js")).status).toBe(404);
  });

  it("is no answer for a file", async () => {
    const response = await page("/console/app.js");
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, "path_unknown"]);
  });

  it("does not exist where there is no operator", async () => {
    const response = await page("/console/attention", { ADMIN_TOKENS: "" });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, "path_unknown"]);
  });

  it("is only read", async () => {
    expect((await page("/console", {}, { method: "POST" })).status).toBe(404);
    const { status, body } = await page("/console", {}, { method: "HEAD" });
    expect([status, body]).toEqual([200, null]);
  });
});
