import { beforeEach, describe, expect, it } from "vitest";
import { expectBooksInOrder, openEffectCount } from "../outcome";
import { heldCalls } from "./held-calls";
import { current as journey, Predecessor } from "./predecessor";

beforeEach(() => journey.reset());

const moments = ["before it reaches Stripe", "after Stripe has done it", "before its answer is lost"] as const;

/*
 * A sequencer is replaced in the middle of a call; the request is repeated and the clock resumes the call before the
 * old sequencer continues. Whatever the call is, it is made once, and nobody gets a 500.
 */
describe.each(moments)("the old sequencer is held %s:", (moment) => {
  it.each(Object.entries(heldCalls))("%s is made once", async (_, prepared) => {
    const { method, path, ask, made } = await prepared();
    await journey.events("drop");
    const old = new Predecessor(method, path, moment);
    const first = ask(old.journey);
    await old.until();
    const others = [await ask(journey)];
    await journey.advance(10);
    others.push(await ask(journey));
    old.mayGoOn = true;
    const answers = [await first, ...others];
    await journey.advance(70);
    expect(answers.map(({ status }) => status).filter((status) => status >= 500)).toEqual([]);
    expect(await openEffectCount()).toBe(0);
    if (made) expect(await made()).toBe(1);
    await expectBooksInOrder(journey);
  });
});
