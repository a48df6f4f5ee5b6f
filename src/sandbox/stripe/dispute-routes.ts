import { list } from "../core/list";
import { refused } from "../core/refusal";
import { type Handler, pathId } from "./call";
import { closeDispute, isClosed, isInquiryOpen } from "./disputes";

export const retrieveDispute: Handler = (call) => call.world.objects.get("dispute", call.account, pathId(call));

export const listDisputes: Handler = (call) =>
  list(call.world, call.account, "dispute", "/v1/disputes", call.parameters, {
    charge: call.parameters.text("charge"),
    payment_intent: call.parameters.text("payment_intent"),
  });

/** `POST /v1/disputes/:id`: takes evidence, and submits it at once unless `submit` says otherwise. */
export const updateDispute: Handler = (call) => {
  const { world, account, parameters } = call;
  const dispute = world.objects.get("dispute", account, pathId(call));
  if (isClosed(dispute)) {
    throw refused(undefined, `This dispute is already closed: ${dispute.status}.`);
  }
  const isSubmitted = parameters.has("evidence") && parameters.flag("submit") !== false;
  const { object, previous } = world.change("dispute", account, dispute.id, {
    metadata: parameters.mergedMetadata(dispute.metadata),
    evidence: { ...dispute.evidence, ...parameters.child("evidence").record },
    evidence_details: {
      ...dispute.evidence_details,
      has_evidence: dispute.evidence_details.has_evidence || parameters.has("evidence"),
      submission_count: dispute.evidence_details.submission_count + (isSubmitted ? 1 : 0),
    },
    ...(isSubmitted && { status: isInquiryOpen(dispute) ? "warning_under_review" : "under_review" }),
  });
  world.emit("charge.dispute.updated", object, { account, previous });
  return object;
};

/** `POST /v1/disputes/:id/close`: accepts that the dispute is lost. */
export const acceptDispute: Handler = (call) => {
  const dispute = call.world.objects.get("dispute", call.account, pathId(call));
  return closeDispute(call.world, dispute.id, isInquiryOpen(dispute) ? "warning_closed" : "lost");
};
