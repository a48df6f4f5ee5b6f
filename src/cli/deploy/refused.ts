/** Why a deployment does not go on, in words for the one who can repair it. Nothing is wrong with the program. */
export class Refused extends Error {
  override name = "Refused";
  constructor(...reasons: string[]) {
    super(reasons.join("\n"));
  }
}
