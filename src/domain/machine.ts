/**
 * A transition: who may cause it, from which states, to which state, and which effects must follow. API requests,
 * Stripe's events and the clock all use the same table.
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

/** All actors that can cause a transition. */
export type Actor = "client" | "expert" | "developer" | "stripe" | "clock" | "operator";

/** Returns the transition, or undefined if the table does not allow it: then nothing may be written. */
export function step<Name extends string, State extends string, A extends string, Effect extends string>(
  machine: Machine<Name, State, A, Effect>,
  name: Name,
  state: NoInfer<State>,
  actor: NoInfer<A>,
): Transition<State, A, Effect> | undefined {
  const transition = machine[name];
  return transition.from.includes(state) && transition.actors.includes(actor) ? transition : undefined;
}

/**
 * Returns the state that a transition leads to. Throws if the table does not allow it: this is a bug, and nothing may
 * be written.
 */
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
