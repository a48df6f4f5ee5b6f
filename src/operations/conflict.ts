/** Somebody else changed the aggregate first: nothing was written, and the operation decides again on what is true now. */
export class Conflict extends Error {
  constructor(readonly constraint: string) {
    super(`lost a race at ${constraint}`);
    this.name = "Conflict";
  }
}
