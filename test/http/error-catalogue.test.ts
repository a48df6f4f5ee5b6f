import { describe, expect, it } from "vitest";
import { routes } from "../../src/app";
import { transientRefusals } from "../../src/domain/refusal";
import { type ErrorCode, errorCodes } from "../../src/http/problem/error-codes";
import { tabulateErrors } from "../../src/http/tabulate-errors";
import { callRaw, journey } from "./checked";

const { data: catalogue } = tabulateErrors(routes);

describe("the catalogue of errors", () => {
  it("has no code that nothing answers with", () => {
    expect(catalogue.filter(({ answers }) => answers.length === 0).map(({ code }) => code)).toEqual([]);
  });

  it("calls retryable what the operations call transient", () => {
    const wrong = routes.flatMap(({ dialect: { name, refusals } }) =>
      Object.entries(refusals).flatMap(([refusal, { code = refusal }]) => {
        // Accept and the settlement have one code for several refusals, and one that is shown as our own failure.
        const isShared = ["failed", "INTERNAL_ERROR", "VALIDATION_ERROR", "offer_unavailable"].includes(code);
        const isTransient = transientRefusals.has(refusal as never);
        const isCalledSo = errorCodes[code as ErrorCode]?.retryable ?? false;
        return isShared || isTransient === isCalledSo ? [] : [`${name}: ${refusal} is ${code}`];
      }),
    );
    expect([...new Set(wrong)]).toEqual([]);
  });

  it("is served whole, and code by code", async () => {
    const whole = await callRaw("GET", "/api/v1/errors");
    expect([whole.status, whole.body.data]).toEqual([200, catalogue]);
    const declined = await callRaw("GET", "/api/v1/errors/card_declined");
    expect(declined.body.data).toEqual({
      code: "card_declined",
      means: expect.any(String),
      retryable: false,
      next: expect.any(String),
      answers: [{ dialect: "payments", status: 402 }],
      page: "/errors/card_declined",
    });
    const unknown = await callRaw("GET", "/api/v1/errors/card_accepted");
    expect([unknown.status, unknown.body.code]).toEqual([404, "id_unknown"]);
  });
});

describe("the type of problem details", () => {
  it("is the address of the code's page", async () => {
    const { body } = await callRaw("GET", "/api/v1/nowhere");
    expect(body.type).toBe("http://localhost:8787/errors/path_unknown");
  });

  it("is the address of the code's page where a contract answers in this form, too", async () => {
    const { token } = await journey.registerClient();
    const { body } = await callRaw("POST", "/api/v1/testimonies/offers/accept", { token, body: "{}" });
    expect(body).toMatchObject({ type: "http://localhost:8787/errors/session_unknown", status: 422 });
  });
});
