import { describe, expect, it } from "vitest";
import { type Actor, enter, type Machine, step } from "../../src/domain/machine";
import { checkoutMachine, checkoutStates } from "../../src/domain/offers/checkout";
import { payoutMachine, payoutStates } from "../../src/domain/offers/payout";
import { testimonyMachine, testimonyStates } from "../../src/domain/offers/testimony";
import { paymentMachine, paymentStates } from "../../src/domain/payments/payment";
import { methodMachine, methodStates } from "../../src/domain/payments/payment-method";

const actors: Actor[] = ["client", "expert", "developer", "stripe", "clock", "operator"];

/**
 * The whole product of state × event × actor, decided by hand: one line for each allowed state and event, with the next
 * state and everybody who may cause it. Everything else must be refused; a new state or event without a decision fails.
 */
const decided = {
  testimony: `
    new      create-testimony   -> pending   client
    pending  create-offer       -> offered   expert
    offered  create-offer       -> offered   expert
    offered  withdraw-offer     -> offered   expert
    offered  start-checkout     -> offered   client
    offered  accept-offer       -> accepted  client stripe clock
    pending  cancel-testimony   -> cancelled client
    offered  cancel-testimony   -> cancelled client
    accepted complete-testimony -> completed expert
    accepted refund-testimony   -> cancelled operator
    completed refund-testimony  -> cancelled operator`,
  checkout: `
    claimed       open         -> open          client stripe clock
    claimed       refuse       -> failed        client stripe clock
    open          expire       -> expired       client expert stripe clock
    open          process      -> processing    client stripe clock
    open          win          -> accepted      client stripe clock
    processing    win          -> accepted      client stripe clock
    open          lose         -> returning     client expert stripe clock
    processing    lose         -> returning     client expert stripe clock
    open          fail-payment -> failed        client stripe clock
    processing    fail-payment -> failed        client stripe clock
    accepted      refund       -> returning     operator
    return_failed refund       -> returning     operator
    returning     return       -> returned      client stripe clock operator
    return_failed return       -> returned      client stripe clock operator
    returning     fail-return  -> return_failed client stripe clock operator
    returned      fail-return  -> return_failed client stripe clock operator`,
  payout: `
    due       hold            -> held      stripe clock
    held      hold            -> held      stripe clock
    sending   hold            -> held      stripe clock
    held      release         -> due       expert operator
    failed    retry           -> due       operator
    due       send            -> sending   stripe clock operator
    held      send            -> sending   stripe clock operator
    failed    send            -> sending   stripe clock operator
    sending   pay             -> paid      stripe clock operator
    due       fail            -> failed    stripe clock
    held      fail            -> failed    stripe clock
    sending   fail            -> failed    stripe clock
    due       cancel          -> cancelled operator
    held      cancel          -> cancelled operator
    failed    cancel          -> cancelled operator
    paid      reverse         -> reversing operator
    reversing finish-reversal -> reversed  stripe clock operator
    paid      finish-reversal -> reversed  stripe clock operator`,
  method: `
    attaching keep   -> active   stripe
    attaching refuse -> failed   stripe
    attaching merge  -> removing stripe
    attaching drop   -> removed  stripe
    active    remove -> removing developer
    active    lose   -> gone     stripe
    removing  detach -> removed  stripe`,
  payment: `
    creating                await-method       -> requires_payment_method developer stripe clock operator
    creating                await-confirmation -> requires_confirmation   developer stripe clock operator
    creating                await-action       -> requires_action         developer stripe clock operator
    creating                process            -> processing              developer stripe clock operator
    creating                authorize          -> requires_capture        developer stripe clock operator
    creating                succeed            -> succeeded               developer stripe clock operator
    creating                cancel             -> canceled                developer stripe clock operator
    creating                refuse             -> failed                  developer stripe clock operator
    creating                lose               -> failed                  developer stripe clock operator
    requires_payment_method await-method       -> requires_payment_method developer stripe clock operator
    requires_payment_method await-confirmation -> requires_confirmation   developer stripe clock operator
    requires_payment_method await-action       -> requires_action         developer stripe clock operator
    requires_payment_method process            -> processing              developer stripe clock operator
    requires_payment_method authorize          -> requires_capture        developer stripe clock operator
    requires_payment_method succeed            -> succeeded               developer stripe clock operator
    requires_payment_method cancel             -> canceled                developer stripe clock operator
    requires_payment_method lose               -> failed                  developer stripe clock operator
    requires_confirmation   await-method       -> requires_payment_method developer stripe clock operator
    requires_confirmation   await-confirmation -> requires_confirmation   developer stripe clock operator
    requires_confirmation   await-action       -> requires_action         developer stripe clock operator
    requires_confirmation   process            -> processing              developer stripe clock operator
    requires_confirmation   authorize          -> requires_capture        developer stripe clock operator
    requires_confirmation   succeed            -> succeeded               developer stripe clock operator
    requires_confirmation   cancel             -> canceled                developer stripe clock operator
    requires_confirmation   lose               -> failed                  developer stripe clock operator
    requires_action         await-method       -> requires_payment_method developer stripe clock operator
    requires_action         await-confirmation -> requires_confirmation   developer stripe clock operator
    requires_action         await-action       -> requires_action         developer stripe clock operator
    requires_action         process            -> processing              developer stripe clock operator
    requires_action         authorize          -> requires_capture        developer stripe clock operator
    requires_action         succeed            -> succeeded               developer stripe clock operator
    requires_action         cancel             -> canceled                developer stripe clock operator
    requires_action         lose               -> failed                  developer stripe clock operator
    processing              await-method       -> requires_payment_method developer stripe clock operator
    processing              await-confirmation -> requires_confirmation   developer stripe clock operator
    processing              await-action       -> requires_action         developer stripe clock operator
    processing              process            -> processing              developer stripe clock operator
    processing              authorize          -> requires_capture        developer stripe clock operator
    processing              succeed            -> succeeded               developer stripe clock operator
    processing              cancel             -> canceled                developer stripe clock operator
    processing              lose               -> failed                  developer stripe clock operator
    requires_capture        succeed            -> succeeded               developer stripe clock operator
    requires_capture        cancel             -> canceled                developer stripe clock operator
    requires_capture        expire             -> expired                 developer stripe clock operator
    requires_capture        lose               -> failed                  developer stripe clock operator`,
};

function table<N extends string, S extends string>(
  machine: Machine<N, S, Actor, string>,
  states: readonly S[],
  text: string,
) {
  const expected = new Map<string, string>();
  for (const line of text.trim().split("\n")) {
    const [from, event, , to, ...who] = line.trim().split(/\s+/);
    for (const actor of who) expected.set(`${from} ${event} ${actor}`, to ?? "");
  }
  const names = Object.keys(machine) as N[];
  const rows = states.flatMap((state) => names.flatMap((name) => actors.map((actor) => ({ state, name, actor }))));
  it.each(rows)("$state × $name × $actor", ({ state, name, actor }) => {
    const to = expected.get(`${state} ${name} ${actor}`);
    expect(step(machine, name, state, actor)?.to).toBe(to);
    if (to === undefined) expect(() => enter(machine, name, state, actor)).toThrow("is not allowed");
    else expect(enter(machine, name, state, actor)).toBe(to);
  });
  it("decides nothing about states and events that do not exist", () => {
    for (const key of expected.keys()) {
      const [state, name] = key.split(" ");
      expect(states).toContain(state);
      expect(names).toContain(name);
    }
  });
}

describe("testimony", () => table(testimonyMachine, testimonyStates, decided.testimony));
describe("checkout", () => table(checkoutMachine, checkoutStates, decided.checkout));
describe("payout", () => table(payoutMachine, payoutStates, decided.payout));
describe("payment method", () => table(methodMachine, methodStates, decided.method));
describe("payment", () => table(paymentMachine, paymentStates, decided.payment));
