import { operator } from "../api";
import { State } from "../parts/icon";
import { Shown } from "../parts/states";
import { useResource } from "../resource";

/** The proof of the books, which runs whenever something has changed. */
export function Books() {
  const proof = useResource("books", () => operator.checkLedger());
  return (
    <section class="tile">
      <h3>The books</h3>
      <Shown of={proof} lines={2}>
        {({ invariants }) => {
          const broken = invariants.filter(({ ok }) => !ok).length;
          return (
            <p data-books={broken === 0 ? "hold" : "broken"}>
              <State tone={broken === 0 ? "good" : "bad"}>
                {broken === 0
                  ? `${invariants.length} of ${invariants.length} hold`
                  : `${broken} of ${invariants.length} do not hold`}
              </State>
            </p>
          );
        }}
      </Shown>
      <p class="quiet">
        Every cent is in a double-entry ledger. The proof runs again after each step and each fault:{" "}
        <a href="/console/ledger">the ledger</a>.
      </p>
    </section>
  );
}
