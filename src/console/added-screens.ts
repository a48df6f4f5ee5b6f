import type { ComponentChildren } from "preact";

/** A screen beside those that every console has. */
export interface AddedScreen {
  /** The letter that leads to it after `g`. */
  letter: string;
  title: string;
  /** The last part of its address. */
  name: string;
  screen: () => ComponentChildren;
}

/** The screens of this console alone. The sandbox's script adds its own before anything is drawn. */
export const addedScreens: AddedScreen[] = [];
