/** A part of a list: how many rows, after how many, in which direction. */
export interface Page {
  limit: number;
  offset: number;
  order: "asc" | "desc";
}
