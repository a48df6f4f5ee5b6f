import * as z from "zod";
import { purposes, realEstateTypes } from "../../domain/offers/testimony";
import { described, forDescription } from "../described";
import { freeFormMax, isSmall, withoutProto } from "../free-form";
import { created } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { coordinates, isObject, nullable, optional, orNull, region, text } from "./fields";
import { attribute } from "./issue-messages";
import { testimonyObject, toTestimony } from "./testimony-object";

const notesMax = 10_000;
const propertiesMax = 50;

/**
 * Counts and the like. It is not documented which ones belong to which type, so a few plain values of any name are
 * kept.
 */
const properties = () =>
  withoutProto(z.record(text(), z.union([z.number(), z.boolean(), text(), z.null()])))
    .refine((value) => Object.keys(value).length <= propertiesMax, {
      error: `The ${attribute} field must not have more than ${propertiesMax} items.`,
    })
    .refine(isSmall, { error: `The ${attribute} field must not be greater than ${freeFormMax} characters.` })
    .meta(forDescription(() => ({ description: `At most ${freeFormMax} characters of JSON.` })));

/** The address of real estate: without street lines, the plot must be named instead. */
const realEstateAddress = () =>
  z
    .object({
      line1: orNull(text()),
      line2: orNull(text()),
      city: text(),
      postalCode: text(),
      parcelNumber: orNull(text()),
      cadastralArea: orNull(text()),
    })
    .refine((address) => hasLines(address) || !isEmpty(address.parcelNumber), withoutLines("parcelNumber"))
    .refine((address) => hasLines(address) || !isEmpty(address.cadastralArea), withoutLines("cadastralArea"));

const realEstate = () =>
  z
    .object({
      type: z.enum(realEstateTypes),
      properties: nullable(properties()),
      address: realEstateAddress(),
      region: nullable(region()),
      addressCoords: nullable(coordinates()),
      userCoords: nullable(coordinates()),
    })
    .refine(({ type, properties }) => type === "garage" || !isEmpty(properties), {
      path: ["properties"],
      error: `The ${attribute} field is required unless real estate.type is in garage.`,
      when: ({ value }) => isObject(value) && value.type !== undefined,
    })
    .refine(
      ({ address, addressCoords, userCoords }) => hasLines(address) || !isEmpty(addressCoords) || !isEmpty(userCoords),
      {
        path: ["userCoords"],
        error: `The ${attribute} field is required when none of real estate.address.line1 / real estate.address.line2 / real estate.address coords are present.`,
        when: ({ value }) => isObject(value) && isObject(value.address),
      },
    );

export const createTestimony = defineRoute(offersDialect, {
  operationId: "create-testimony",
  method: "post",
  path: "/testimonies",
  ...described(() => ({
    tag: "Testimonies",
    summary: "Ask for an expert opinion",
    bodyExample: {
      purpose: "mortgage",
      realEstate: {
        type: "house",
        properties: { parcelCount: 1, storeyCount: 2, otherBuildingCount: 0, detachedGarageCount: 1 },
        address: { line1: "Farská 12", city: "Nitra", postalCode: "949 01" },
        region: "nr",
      },
      notes: "Needed by the end of the month.",
    },
    responses: { 201: { description: "Created, pending", schema: data(testimonyObject) } },
  })),
  access: "client",
  bodyLimitBytes: 64 * 1024,
  body: () => z.object({ purpose: z.enum(purposes), realEstate: realEstate(), notes: optional(text(notesMax)) }),
  async handle({ edge, caller, body, perform }) {
    const { region, ...realEstate } = body.realEstate;
    const { purpose, notes } = body;
    const result = await perform({ name: "create-testimony", input: { caller, purpose, realEstate, region, notes } });
    if (!result.ok) return result;
    const { testimony, client } = result.value;
    return created({
      data: toTestimony({ testimony, people: new Map([[client.id, client]]), offers: null }, client, edge.deps.nowMs()),
    });
  },
});

function hasLines(address: { line1?: string | null; line2?: string | null } | undefined): boolean {
  return !isEmpty(address?.line1) || !isEmpty(address?.line2);
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined;
}

function withoutLines(input: "parcelNumber" | "cadastralArea") {
  return {
    path: [input],
    error: `The ${attribute} field is required when none of real estate.address.line1 / real estate.address.line2 are present.`,
    when: ({ value }: { value: unknown }) => isObject(value),
  };
}
