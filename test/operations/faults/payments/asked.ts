import type { Answer } from "../../../journey";
import type { Shop, Transaction } from "../../../shop";

/** A verb that a client asked for once. */
export interface Asked {
  answer: Answer;
  /** Where the answer was that nobody knows: how the payment is shown, and what the same request hears again. */
  meanwhile: { shown: string; repeat: Answer } | undefined;
}

/** Asks once, and looks at what there is to see while the outcome is not known. */
export async function askedOnce(shop: Shop, transaction: Transaction, request: () => Promise<Answer>): Promise<Asked> {
  const answer = await request();
  if (answer.status !== 503) return { answer, meanwhile: undefined };
  const shown: string = (await shop.view(transaction)).body.data.status;
  return { answer, meanwhile: { shown, repeat: await request() } };
}
