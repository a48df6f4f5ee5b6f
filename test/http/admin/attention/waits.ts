import type { Answer } from "../../../journey";
import type { Sender, Step } from "./entry";

/** Something that waits for a person, made to wait, and everybody who can do something about it. */
export interface Waits {
  /** Who sends the steps that are not the operator's. */
  senders?: Partial<Record<string, Sender>>;
  /** What a person has mended before a step is taken, by its operation. */
  before?: Partial<Record<string, () => Promise<unknown>>>;
  /** What goes on from a step's answer, by its operation: a page is filled in, a day goes by. */
  after?: Partial<Record<string, (answer: Answer, step: Step) => Promise<unknown>>>;
  /** How the world ends it, where it can. */
  mend?: () => Promise<unknown>;
}

/** Makes it wait; the clock has done whatever it could. */
export type Cause = () => Promise<Waits>;

/** The ways in which things of one kind come to wait, by what happened. */
export type Causes = Readonly<Record<string, Cause>>;
