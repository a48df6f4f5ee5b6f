export { Sequencer } from "./durable/sequencer";

export default {
  async fetch() {
    return new Response("accord");
  },
  async queue() {},
  async scheduled() {},
} satisfies ExportedHandler;
