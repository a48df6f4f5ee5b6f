import type { Answer } from "../../../journey";
import type { Sender, Step } from "./entry";

/** A thing that waits for a person, with everybody who can do something about it. */
export interface Waits {
  /** The senders of the steps that are not the operator's. */
  senders?: Partial<Record<string, Sender>>;
  /** The repairs that a person makes before a step, by its operation. */
  before?: Partial<Record<string, () => Promise<unknown>>>;
  /** The actions that follow a step's answer, by its operation: a page is filled in, a day passes. */
  after?: Partial<Record<string, (answer: Answer, step: Step) => Promise<unknown>>>;
  /** The event at Stripe or elsewhere that ends it, if there is one. */
  mend?: () => Promise<unknown>;
}

/** Makes a thing wait, after the clock has done what it can. */
export type Cause = () => Promise<Waits>;

/** The causes of one kind, by what happened. */
export type Causes = Readonly<Record<string, Cause>>;
