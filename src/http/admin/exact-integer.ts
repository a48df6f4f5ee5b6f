import * as z from "zod";

/** A sum over everything: an integer whose digits are all printed, also beyond what a double carries. */
export const exactInteger = z.number();
