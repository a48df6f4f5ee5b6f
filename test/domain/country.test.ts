import codes from "i18n-iso-countries/codes.json";
import { expect, it } from "vitest";
import { countries } from "../../src/domain/country";

it("knows the countries of ISO 3166-1", () => {
  expect([...countries].toSorted()).toEqual(codes.map(([alpha2]) => alpha2).toSorted());
});
