import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { impersonal, personal } from "./personal-columns";

const words = (text = "") => text.split(" ").filter(Boolean);

it("knows of every table whether it has rows about a client or an expert", async () => {
  const { results } = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and sql like '%STRICT%'",
  ).all<{ name: string }>();
  const named = [...Object.keys(personal), ...Object.keys(impersonal)];
  expect(named.toSorted()).toEqual(results.map(({ name }) => name).toSorted());
});

it.each(Object.entries(personal))("knows what a deletion does to each column of %s", async (table, fate) => {
  const { results } = await env.DB.prepare("select name from pragma_table_info(?)").bind(table).all<{ name: string }>();
  const named = [...words(fate.erased), ...words(fate.kept)];
  expect(named.toSorted()).toEqual(results.map(({ name }) => name).toSorted());
});
