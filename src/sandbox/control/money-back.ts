import { emulatorOf } from "../emulator-of";
import type { SandboxEnv } from "../env";
import { DISPUTE_ENDS } from "../stripe/disputes";
import { REFUND_ENDS } from "../stripe/refund-outcome";
import { REVERSAL_MODES } from "../stripe/reversals";
import { REFUND_PLANS } from "../stripe/test-methods";
import { type Body, integerOf, oneOf, textOf } from "./body";
import { printed } from "./printed";

/** The largest amount. */
const LARGEST_MINOR = 99_999_999_999;

/**
 * Controls refunds that the application does not request: an out-of-band refund of a `charge`; the end of a `refund`,
 * at any moment; or the outcome of the `next` refunds, whoever requests them.
 */
export async function controlRefunds(env: SandboxEnv, body: Body): Promise<unknown> {
  const emulator = emulatorOf(env);
  if (body.charge !== undefined) {
    const plan = body.plan === undefined ? "succeed" : oneOf(body, "plan", REFUND_PLANS);
    return told(env, await emulator.refundByAnother(textOf(body, "charge"), amountOf(body), plan));
  }
  if (body.refund !== undefined) {
    return told(env, await emulator.endRefund(textOf(body, "refund"), oneOf(body, "status", REFUND_ENDS)));
  }
  const times = integerOf(body, "times", { smallest: 1, largest: 1000, otherwise: 1 });
  const plan = oneOf(body, "next", REFUND_PLANS);
  await emulator.planRefunds(Array.from({ length: times }, () => plan));
  return { next: plan, times };
}

/** Reverses a transfer out-of-band, or sets which money reversals can reach. */
export async function controlReversals(env: SandboxEnv, body: Body): Promise<unknown> {
  if (body.mode !== undefined) {
    const mode = oneOf(body, "mode", REVERSAL_MODES);
    await emulatorOf(env).setReversalMode(mode);
    return { mode };
  }
  return told(env, await emulatorOf(env).reverseByAnother(textOf(body, "transfer"), amountOf(body)));
}

/** Disputes a `charge`, or ends a `dispute`; an inquiry may become a dispute (`needs_response`) first. */
export async function controlDisputes(env: SandboxEnv, body: Body): Promise<unknown> {
  const emulator = emulatorOf(env);
  if (body.dispute === undefined) {
    const terms = { amountMinor: amountOf(body) ?? undefined, isInquiry: body.inquiry === true };
    return told(env, await emulator.openDispute(textOf(body, "charge"), terms));
  }
  const status = oneOf(body, "status", [...DISPUTE_ENDS, "needs_response"]);
  const id = textOf(body, "dispute");
  return told(
    env,
    status === "needs_response" ? await emulator.escalateInquiry(id) : await emulator.closeDispute(id, status),
  );
}

/** Returns null for the whole amount. */
function amountOf(body: Body): number | null {
  return body.amount === undefined ? null : integerOf(body, "amount", { smallest: 1, largest: LARGEST_MINOR });
}

async function told(env: SandboxEnv, result: Parameters<typeof printed>[0]): Promise<unknown> {
  const shown = printed(result);
  await emulatorOf(env).deliver();
  return shown;
}
