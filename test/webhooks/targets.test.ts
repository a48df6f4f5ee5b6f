import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../src/app";
import { buildDeliveryDeps } from "../../src/container";
import { targetProblem } from "../../src/domain/webhooks/target";
import { deliverEvent } from "../../src/webhooks/deliver-event";
import { journey } from "../http/checked";
import { rows } from "../operations/rows";
import { production } from "../production";
import { type Delivery, makeEndpoint, sendTest, token } from "./owner";

/** Targets that must never be called. */
const hostile = [
  // Not https.
  "http://hooks.example.com/",
  "ftp://hooks.example.com/",
  "file:///etc/passwd",
  "gopher://hooks.example.com/",
  "data:text/plain,hello",
  "javascript:alert(1)",
  "ws://hooks.example.com/",
  "wss://hooks.example.com/",
  "blob:https://hooks.example.com/1",
  "//hooks.example.com/",
  "hooks.example.com",
  "/webhooks",
  "",
  "https://",
  "https:///",
  // Loopback, in every spelling.
  "http://localhost/",
  "https://localhost/",
  "https://LOCALHOST/",
  "https://localhost./",
  "https://api.localhost/",
  "https://localhost.localdomain/",
  "https://127.0.0.1/",
  "https://127.0.0.1:443/",
  "https://127.1/",
  "https://127.0.1/",
  "https://127.255.255.254/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0x7f.1/",
  "https://0177.0.0.1/",
  "https://017700000001/",
  "https://0/",
  "https://0.0.0.0/",
  "https://[::1]/",
  "https://[::]/",
  "https://[0:0:0:0:0:0:0:1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[64:ff9b::7f00:1]/",
  "https://①②⑦.⓪.⓪.①/",
  "https://127。0。0。1/",
  "https://%31%32%37.0.0.1/",
  "https://ｌｏｃａｌｈｏｓｔ/",
  "https:/\\127.0.0.1/",
  "https:127.0.0.1",
  "https://\t127.0.0.1/",
  // Private, shared, link-local, multicast and reserved networks; a public address is not allowed either.
  "https://10.0.0.1/",
  "https://10.255.255.255/",
  "https://172.16.0.1/",
  "https://172.31.255.255/",
  "https://192.168.0.1/",
  "https://192.168.257/",
  "https://100.64.0.1/",
  "https://198.18.0.1/",
  "https://224.0.0.1/",
  "https://255.255.255.255/",
  "https://1.1.1.1/",
  "https://[fc00::1]/",
  "https://[fd12:3456:789a::1]/",
  "https://[fe80::1]/",
  "https://[ff02::1]/",
  "https://[2606:4700:4700::1111]/",
  // Metadata services.
  "https://169.254.169.254/latest/meta-data/",
  "https://2852039166/",
  "https://0xa9fea9fe/",
  "https://[::ffff:169.254.169.254]/",
  "https://[fd00:ec2::254]/",
  "https://metadata.google.internal/computeMetadata/v1/",
  "https://metadata/",
  "https://metadata.example.com/",
  // Names of internal hosts.
  "https://intranet/",
  "https://db.internal/",
  "https://printer.local/",
  "https://router.lan/",
  "https://nas.home/",
  "https://box.home.arpa/",
  "https://mail.corp/",
  "https://api.default.svc/",
  "https://api.default.svc.cluster.local/",
  "https://host.docker.internal/",
  "https://1.0.0.127.in-addr.arpa/",
  "https://hidden.onion/",
  "https://anything.test/",
  "https://anything.invalid/",
  "https://hooks.example.com./",
  "https://hooks..example.com/",
  "https://hooks_.example.com/",
  // Public names that resolve to the address they spell.
  "https://127.0.0.1.nip.io/",
  "https://app.10-0-0-1.sslip.io/",
  "https://localtest.me/",
  "https://anything.lvh.me/",
  "https://7f000001.nip.io/",
  "https://app.traefik.me/",
  "https://deep.below.ddev.site/",
  "https://192-168-1-2.0123456789abcdef.plex.direct/",
  // Of a service that is in no list.
  "https://127.0.0.1.wildcard.example.org/",
  "https://app-10-1-2-3.wildcard.example.org/",
  "https://172.31.0.9.example.org/",
  "https://169-254-169-254.example.org/",
  "https://192.168.0.1.example.org/",
  // Other tricks.
  "https://user:password@hooks.example.com/",
  "https://hooks.example.com@127.0.0.1/",
  "https://127.0.0.1#@hooks.example.com/",
  "https://127.0.0.1?@hooks.example.com/",
  "https://hooks.example.com:22/",
  "https://hooks.example.com:8443/",
  "https://hooks.example.com:80/",
];

const friendly = [
  "https://ec2-54-10-2-3.compute.example.org/",
  "https://v10-2-1.example.org/",
  "https://172.32.0.9.example.org/",
  "https://notnip.io/",
  "https://hooks.example.com/accord",
  "https://hooks.example.com:443/accord?tenant=1",
  "https://müller.example.org/",
  "https://10.example.com/",
  "https://localhost.example.com/",
];

beforeEach(() => journey.reset());

describe("in production", () => {
  it(`refuses ${hostile.length} hostile targets, and takes ordinary ones`, () => {
    expect(hostile.length).toBeGreaterThanOrEqual(60);
    expect(new Set(hostile).size).toBe(hostile.length);
    expect(hostile.filter((url) => !targetProblem(url, { loopbackAllowed: false }))).toEqual([]);
    expect(friendly.filter((url) => targetProblem(url, { loopbackAllowed: false }))).toEqual([]);
  });

  it("answers 422 to each, when an endpoint is made and when it is changed", async () => {
    const made = await call("POST", "/webhook-endpoints", { url: friendly[0], events: ["*"] });
    expect(made.status).toBe(201);
    const { id, url } = ((await made.json()) as { data: { id: string; url: string } }).data;
    for (const target of hostile) {
      const answers = [
        await call("POST", "/webhook-endpoints", { url: target, events: ["*"] }),
        await call("PATCH", `/webhook-endpoints/${id}`, { url: target }),
      ];
      for (const answer of answers) {
        expect(answer.status, target).toBe(422);
        const code = target === "" ? "input_invalid" : expect.stringMatching(/^target_/);
        expect(await answer.json(), target).toMatchObject({ code });
      }
    }
    expect(await rows("select url from webhook_endpoints")).toEqual([{ url }]);
  });

  it("contacts none of them, although they stand in the database", async () => {
    const test = await sendTest(await makeEndpoint("main"));
    const hits: string[] = [];
    for (const target of hostile) {
      await sendAgainTo(target, test);
      const send = (async (input: RequestInfo) => {
        hits.push(String(input));
        return new Response();
      }) as typeof fetch;
      await deliverEvent({ ...(await buildDeliveryDeps(production, "test")), send }, test);
    }
    expect(hits).toEqual([]);
    const attempts = await rows<{ outcome: string }>("select outcome from webhook_attempts where number > 1");
    expect(attempts.map(({ outcome }) => outcome)).toEqual(hostile.map(() => "target_forbidden"));
  });

  it("contacts a friendly one, and follows it nowhere", async () => {
    const test = await sendTest(await makeEndpoint("main"));
    await sendAgainTo(friendly[0] ?? "", test);
    const sent: unknown[] = [];
    const send = (async (input: RequestInfo, init: RequestInit) => {
      sent.push({ input, method: init.method, redirect: init.redirect });
      return Response.redirect("https://127.0.0.1/", 307);
    }) as typeof fetch;
    await deliverEvent({ ...(await buildDeliveryDeps(production, "test")), send }, test);
    expect(sent).toEqual([{ input: friendly[0], method: "POST", redirect: "manual" }]);
    const [, last] = await rows<{ outcome: string }>("select outcome from webhook_attempts order by number");
    expect(last?.outcome).toBe("redirected");
  });
});

describe("in the sandbox", () => {
  const loopback = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/;

  it("allows http and https to loopback in addition, and nothing else", async () => {
    const also = ["http://localhost:3000/hooks", "http://127.0.0.1:9000/", "https://[::1]:8443/", "https://localhost/"];
    for (const target of [...also, ...friendly]) {
      expect(targetProblem(target, { loopbackAllowed: true }), target).toBeUndefined();
    }
    const allowed = hostile.filter((url) => !targetProblem(url, { loopbackAllowed: true }));
    expect(allowed.filter((url) => !loopback.test(new URL(url).href))).toEqual([]);
    for (const target of ["http://user@localhost:3000/", "http://0.0.0.0:3000/", "http://127.0.0.2/"]) {
      expect(targetProblem(target, { loopbackAllowed: true }), target).toBeDefined();
    }
  });

  it("answers 422 to the others", async () => {
    for (const target of hostile.filter((url) => targetProblem(url, { loopbackAllowed: true }))) {
      const body = { url: target, events: ["*"] };
      await journey.must(422, "POST", "/webhook-endpoints", { token, body });
    }
  });
});

function call(method: string, path: string, body: object): Promise<Response> {
  const request = new Request(`http://localhost:8787/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${"token-of-the-tests".repeat(2)}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return Promise.resolve(createApp().fetch(request, production, createExecutionContext()));
}

/** Makes a delivery due again, to a target in the row that no request could have set. */
async function sendAgainTo(url: string, { endpointId, eventId }: Delivery): Promise<void> {
  await env.DB.batch([
    env.DB.prepare("update webhook_endpoints set url = ? where id = ?").bind(url, endpointId),
    env.DB.prepare("update webhook_deliveries set replay = 1, due_at = 0 where event_id = ?").bind(eventId),
  ]);
}
