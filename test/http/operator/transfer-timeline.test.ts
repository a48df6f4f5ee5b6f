import { beforeEach, expect, it } from "vitest";
import { TransfersJourney } from "../../transfers-journey";
import { boxUrl, until } from "../../webhooks/owner";
import { journey } from "../checked";

const transfers = new TransfersJourney(journey);

beforeEach(() => journey.reset());

interface Entry {
  at: string;
  kind: string;
  name?: string;
  actor?: string;
  eventType?: string;
  state?: string;
}

it("lists a transfer's steps in order, who acted, and how its webhooks were delivered", async () => {
  const sender = await transfers.tenant();
  const receiver = await transfers.tenant({ webhookUrl: boxUrl("receiver") });
  const transfer = await transfers.initiated(sender, receiver, { callbackUrl: boxUrl("sender") });
  await until(async () => expect((await timeline(transfer.reference)).at(-1)).toContain("DELIVERED"));
  await transfers.accept(receiver, transfer);
  await until(async () =>
    expect(await timeline(transfer.reference)).toEqual([
      ["change", "initiate-transfer", "sender"],
      ["webhook", "TRANSACTION_INITIATED", "DELIVERED"],
      ["change", "accept-transfer", "receiver"],
      ["webhook", "TRANSACTION_COMPLETED", "DELIVERED"],
    ]),
  );

  async function timeline(reference: string): Promise<(string | undefined)[][]> {
    const { body } = await journey.operator("GET", `/transfers/${reference}/timeline`);
    const { entries, ...about } = body.data as { entries: Entry[] };
    expect(about).toEqual({ reference, transferId: transfer.id });
    expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted());
    return entries.map(({ kind, name, actor, eventType, state }) => [kind, name ?? eventType, actor ?? state]);
  }
});

it("answers 404 for a reference that no transfer has", async () => {
  const { status, body } = await journey.operator("GET", "/transfers/TXN-00000000-ABCD1234/timeline");
  expect([status, body.code]).toEqual([404, "transfer_unknown"]);
});
