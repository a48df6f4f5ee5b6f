import type { Refusal } from "../../domain/refusal";
import { documented } from "../described";
import type { Dialect, ErrorResponse } from "../dialect";
import { problemDialect } from "../problem/dialect";
import { problemMediaType, problemMembers } from "../problem/problem";
import type { OffersCallers } from "./auth";
import { offersDialect, offersRefusals, offersRequestErrors } from "./dialect";

const sessionText = "Invalid session ID or payment not completed.";
const sessionAnswer: ErrorResponse = { status: 422, text: sessionText, field: "sessionId" };

/** Every problem with the session or its payment has the same text. */
const sessionRefusals = {
  testimony_unknown: { ...sessionAnswer, code: "session_unknown" },
  offer_unknown: { ...sessionAnswer, code: "session_unknown" },
  not_yours: { ...sessionAnswer, code: "session_unknown" },
  session_unknown: sessionAnswer,
  // Another client's session is answered like an unknown one (src/guides/decisions.md#other-tenants).
  session_foreign: { ...sessionAnswer, code: "session_unknown" },
  session_used: sessionAnswer,
  session_expired: sessionAnswer,
  session_mismatch: sessionAnswer,
  payment_incomplete: sessionAnswer,
  payment_processing: sessionAnswer,
  payment_failed: sessionAnswer,
  payment_returned: sessionAnswer,
  offer_unavailable: sessionAnswer,
  state_wrong: { ...sessionAnswer, code: "offer_unavailable" },
  payment_in_progress: { ...sessionAnswer, code: "payment_incomplete" },
} as const satisfies Partial<Record<Refusal, ErrorResponse>>;

/** The offers contract's adapter for accept: problem details for everything but a missing or invalid token. */
export const acceptDialect: Dialect<OffersCallers> = {
  ...offersDialect,
  refusals: { ...offersRefusals, ...sessionRefusals },
  requestErrors: {
    ...offersRequestErrors,
    input_invalid: { ...sessionAnswer, code: "session_unknown" },
    body_malformed: { ...sessionAnswer, code: "body_malformed" },
  },
  explain(issues) {
    const others = issues.filter(({ path }) => path[0] !== "sessionId");
    if (others.length > 0) return { ...offersDialect.explain(others), code: "input_invalid" };
    return { text: sessionText, errors: { sessionId: [sessionText] } };
  },
  envelope: (answer, errors, asked) =>
    answer.status === 401
      ? offersDialect.envelope(answer, errors, asked)
      : {
          mediaType: problemMediaType,
          members: { ...problemMembers(answer, asked), ...(errors && { errors }) },
        },
  documented: documented(() => ({
    ...offersDialect.documented,
    errorSchema: (status) => (status === 401 ? offersDialect : problemDialect).documented.errorSchema(status),
  })),
};
