/**
 * The aggregate that the route has read with the credential and hands over, so that it is not read again. Its version counts:
 * if something was changed since, the change fails, and the command begins again without it.
 */
export interface Known<Aggregate> {
  known?: Aggregate | undefined;
}
