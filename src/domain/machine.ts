/**
 * A transition: what it is called, who may cause it, from which states, to which state, and what must follow from it.
 * Routes, Stripe's events and the clock all go through the same table.
 */
export interface Transition<State extends string, Actor extends string, Effect extends string> {
  readonly actors: readonly Actor[];
  readonly from: readonly State[];
  readonly to: State;
  readonly effects: readonly Effect[];
}

/** A machine is a table from the transition's name to its rules. */
export type Machine<Name extends string, State extends string, Actor extends string, Effect extends string> = Readonly<
  Record<Name, Transition<State, Actor, Effect>>
>;

/** Everybody who can cause a change. */
export type Actor = "client" | "expert" | "developer" | "stripe" | "clock" | "operator";

/** The transition, or undefined when the table does not allow it: then nothing may be written. */
export function step<Name extends string, State extends string, A extends string, Effect extends string>(
  machine: Machine<Name, State, A, Effect>,
  name: Name,
  state: NoInfer<State>,
  actor: NoInfer<A>,
): Transition<State, A, Effect> | undefined {
  const transition = machine[name];
  return transition.from.includes(state) && transition.actors.includes(actor) ? transition : undefined;
}

/** The state that a transition leads to. One that the table does not allow is a bug: nothing must be written. */
export function enter<
  Name extends string,
  State extends string,
  A extends string,
  Effect extends string,
  T extends Machine<Name, State, A, Effect>,
  N extends keyof T & Name,
>(machine: T & Machine<Name, State, A, Effect>, name: N, state: NoInfer<State>, actor: NoInfer<A>): T[N]["to"] {
  if (!step(machine, name, state, actor)) throw new Error(`${name} by ${actor} is not allowed from ${state}`);
  return machine[name].to;
}
