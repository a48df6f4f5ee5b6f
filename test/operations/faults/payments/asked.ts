import type { Answer } from "../../../journey";
import type { Shop, Transaction } from "../../../shop";

/** A request that a client made once. */
export interface Asked {
  answer: Answer;
  /**
   * If the answer said that the outcome is unknown: the payment's shown state, and the answer to the repeated request.
   */
  meanwhile: { shown: string; repeat: Answer } | undefined;
}

/** Makes a request once, and reads the payment while the outcome is unknown. */
export async function askedOnce(shop: Shop, transaction: Transaction, request: () => Promise<Answer>): Promise<Asked> {
  const answer = await request();
  if (answer.status !== 503) return { answer, meanwhile: undefined };
  const shown: string = (await shop.view(transaction)).body.data.status;
  return { answer, meanwhile: { shown, repeat: await request() } };
}
