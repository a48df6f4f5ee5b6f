/** The reason for which a deployment stops, in words for the person who can repair it. The program itself is right. */
export class Refused extends Error {
  override name = "Refused";
  constructor(...reasons: string[]) {
    super(reasons.join("\n"));
  }
}
