/** One thing that was looked at: it is well, or here is what to do about it. `unsure`: it cannot be seen from outside. */
export interface Finding {
  what: string;
  state: "well" | "unsure" | "wrong";
  /** For whoever can repair it. */
  todo?: string;
}

export function well(what: string): Finding {
  return { what, state: "well" };
}

export function unsure(what: string, todo: string): Finding {
  return { what, state: "unsure", todo };
}

export function wrong(what: string, todo: string): Finding {
  return { what, state: "wrong", todo };
}
