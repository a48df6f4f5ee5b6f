import assert from "node:assert/strict";
import type { Receiver } from "./receiver.ts";
import { pause, type Teller } from "./teller.ts";

/** Spellings of addresses that lead to this machine, or to another inside: `PORT` is that of a real listener. */
const spellings = [
  "http://0.0.0.0:PORT/",
  "http://0:PORT/",
  "http://127.0.0.2:PORT/",
  "http://127.1.2.3:PORT/",
  "http://2130706434:PORT/",
  "http://[::]:PORT/",
  "http://[::ffff:127.0.0.1]:PORT/",
  "http://[::ffff:7f00:1]:PORT/",
  "http://localhost.:PORT/",
  "http://api.localhost:PORT/",
  "http://127.0.0.1.nip.io:PORT/",
  "http://localtest.me:PORT/",
  "http://user:password@127.0.0.1:PORT/",
  "https://hooks.example.com@0.0.0.0:PORT/",
  "http://hooks.example.com:PORT/",
  "ftp://127.0.0.1:PORT/",
  "http://169.254.169.254/",
  "http://10.0.0.1:PORT/",
];

/** Tries every spelling but loopback's own against a real listener: none is accepted, and no connection arrives. */
export async function hostileTargetsAreNeverCalled(receiver: Receiver, teller: Teller): Promise<void> {
  const { port } = new URL(receiver.url(""));
  for (const spelling of spellings) {
    const url = `${spelling.replace("PORT", port)}hostile`;
    assert.equal(await teller.tryTarget(url), 422, url);
  }
  await teller.cancelOne();
  await pause(500);
  assert.equal(receiver.hits.get("hostile"), undefined, "nobody has knocked");
  console.log(`spellings: ${spellings.length} hostile targets refused, none contacted`);
}
