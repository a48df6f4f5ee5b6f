import * as z from "zod";
import { forDescription } from "../described";

/** A sum over all rows: an integer that is printed with all its digits, even beyond what a double carries. */
export const exactInteger = forDescription(() => z.number());
