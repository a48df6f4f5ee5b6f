/** A part of a list: the number of rows, the offset, and the direction. */
export interface Page {
  limit: number;
  offset: number;
  order: "asc" | "desc";
}
