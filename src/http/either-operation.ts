import * as z from "zod";
import type { ZodOpenApiMediaTypeObject, ZodOpenApiOperationObject, ZodOpenApiResponseObject } from "zod-openapi";

type Content = Record<string, ZodOpenApiMediaTypeObject>;

/** One method and path of two contracts, of which the credential chooses one: whatever they have is either's (decisions X2). */
export function eitherOperation(
  one: ZodOpenApiOperationObject,
  other: ZodOpenApiOperationObject,
): ZodOpenApiOperationObject {
  const [body, otherBody] = [contentOf(one.requestBody), contentOf(other.requestBody)];
  return {
    operationId: `${one.operationId}-or-${other.operationId}`,
    tags: [...new Set([...(one.tags ?? []), ...(other.tags ?? [])])],
    summary: `${one.summary}; or: ${other.summary}`,
    description: "Two contracts have this operation. The credential says which one is meant.",
    security: [...(one.security ?? []), ...(other.security ?? [])],
    // The path has the names of the first.
    requestParams: { ...other.requestParams, ...one.requestParams },
    ...(body || otherBody ? { requestBody: { content: eitherContent(body, otherBody) } } : {}),
    responses: eitherResponses(one.responses, other.responses),
  };
}

type Responses = ZodOpenApiOperationObject["responses"];

function eitherResponses(one: Responses = {}, other: Responses = {}): Responses {
  const statuses = [
    ...new Set([...Object.keys(one), ...Object.keys(other)]),
  ].sort() as `${1 | 2 | 3 | 4 | 5}${string}`[];
  return Object.fromEntries(
    statuses.map((status) => {
      const responses = [one[status], other[status]].filter(isResponse);
      const [first, second] = responses;
      const description = [...new Set(responses.map((response) => response.description))].join("; or: ");
      const content = eitherContent(first?.content, second?.content);
      return [status, { description, ...(Object.keys(content).length > 0 ? { content } : {}) }];
    }),
  );
}

function isResponse(response: unknown): response is ZodOpenApiResponseObject & { content?: Content } {
  return typeof response === "object" && response !== null && "description" in response;
}

function contentOf(body: ZodOpenApiOperationObject["requestBody"]): Content | undefined {
  return body && "content" in body ? (body.content as Content) : undefined;
}

function eitherContent(one: Content = {}, other: Content = {}): Content {
  const types = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(types.map((type) => [type, eitherMedia(one[type], other[type])]));
}

function eitherMedia(one?: ZodOpenApiMediaTypeObject, other?: ZodOpenApiMediaTypeObject): ZodOpenApiMediaTypeObject {
  const media = [one, other].filter((media) => media !== undefined);
  const [schema, ...schemas] = new Set(media.flatMap(({ schema }) => (schema instanceof z.ZodType ? schema : [])));
  const examples = media.filter(({ example }) => example !== undefined).map(({ example }) => ({ value: example }));
  return {
    ...(schema ? { schema: schemas.length === 0 ? schema : z.xor([schema, ...schemas]) } : {}),
    ...(examples.length > 0 ? { examples: Object.fromEntries(examples.entries()) } : {}),
  };
}
