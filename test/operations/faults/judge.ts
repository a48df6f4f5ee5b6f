import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { Journey } from "../../journey";
import { expectBooksInOrder, outcomeOf } from "../../outcome";
import { expectKeysInOrder } from "./stripe-keys";
import { accountStatus, type Walk } from "./walk";

/** Defines the tests of what must be true after every walk, whatever failed. */
export function judge(journey: Journey, walked: () => Walk): void {
  it("says sorry in the contract's words", () => {
    const { start, replace, accept, openAccount } = walked().answers;
    for (const { status, body } of [...start, ...replace, ...openAccount].filter((answer) => answer.status !== 200)) {
      expect(status).toBe(500);
      expect(body).toEqual({
        message: "An unexpected error occurred.",
        code: "stripe_unavailable",
        requestId: expect.any(String),
      });
    }
    for (const { status, body } of accept.filter((answer) => answer.status !== 204)) {
      expect(status).toBe(500);
      expect(body).toEqual({
        type: `http://localhost:8787/errors/stripe_unavailable`,
        title: "Internal Server Error",
        status: 500,
        detail: "An unexpected error occurred.",
        code: "stripe_unavailable",
        requestId: expect.any(String),
      });
    }
    expect([start, replace, accept, openAccount].map((answers) => answers.at(-1)?.status)).toEqual([
      200, 200, 204, 200,
    ]);
    expect(walked().statuses).toEqual({ cancel: 204, refund: 204 });
  });

  it("opens one session per checkout, one of them payable", async () => {
    const { started, replaced } = walked().testimonies;
    expect((await outcomeOf(journey, { testimonyId: started })).sessions).toEqual(["expired"]);
    expect((await outcomeOf(journey, { testimonyId: replaced })).sessions).toEqual(["expired", "open"]);
    const { results } = await env.DB.prepare("select state, session_id from checkouts order by id").all();
    expect(new Set(results.map((row) => row.session_id)).size).toBe(results.length);
  });

  it("pays the expert once, returns the loser's money once, takes the winner's back once", async () => {
    const { accepted, contested } = walked().testimonies;
    expect(await outcomeOf(journey, { testimonyId: accepted })).toEqual({
      sessions: ["complete"],
      paidMinor: 18_090,
      refunds: [],
      transfers: [{ amount: 14_950 }],
    });
    const { refunds, ...outcome } = await outcomeOf(journey, { testimonyId: contested });
    expect(outcome).toEqual({
      sessions: ["complete", "complete"],
      paidMinor: 18_090 + 12_100,
      transfers: [{ amount: 14_950 }],
    });
    expect(refunds.sort((a, b) => a.amount - b.amount)).toEqual([
      { amount: 12_100, status: "succeeded" },
      { amount: 18_090, status: "succeeded" },
    ]);
    const [transfer] = (await journey.stripe(`/transfers?transfer_group=${contested}`)).data;
    expect(transfer.reversals.data).toMatchObject([{ amount: 14_950 }]);
  });

  it("opens one account for each expert", async () => {
    const { data } = await journey.stripe("/accounts?limit=100");
    const { expert, newcomer } = walked().people;
    expect(data.map((account: { email: string }) => account.email).sort()).toEqual(
      [expert.email, newcomer.email].sort(),
    );
    expect(await accountStatus(journey, newcomer)).toBe("ready");
  });

  it("leaves nothing open, and every cent explained", async () => {
    expect(walked().left).toEqual([]);
    await expectBooksInOrder(journey);
  });

  it("repeats under one key what is the same request, and nothing else", () => expectKeysInOrder(journey));
}
