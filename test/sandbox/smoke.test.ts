import { env, exports } from "cloudflare:workers";
import { expect, it } from "vitest";

it("answers", async () => {
  expect(await (await exports.default.fetch("http://localhost/")).text()).toBe("accord");
  expect(await (env as any).SELF.fetch("http://localhost/").then((r: Response) => r.text())).toBe("accord");
  expect(await (env as any).STRIPE.fetch("http://localhost/").then((r: Response) => r.text())).toBe("{}");
  expect(await (env as any).EMULATOR.get((env as any).EMULATOR.idFromName("x")).now()).toBeGreaterThan(1);
});
