import { Copy, curlOf } from "../parts/copy";
import { wordsOf } from "../parts/icon";
import { Time } from "../parts/time";
import { sentences } from "../sentences";

/** Why something has not ended, as the API tells it by codes. */
export interface Why {
  code: string;
  since: string;
  next: { code: string; at: string | null } | null;
  call: { who: string; operationId: string; method: string; path: string } | null;
  about?: { kind: string; id: string };
}

/** Why it has not ended, what happens by itself, and what somebody can do, in sentences. `brief` is the reason alone. */
export function Explanation({ why, brief = false }: { why: Why; brief?: boolean }) {
  const { codes, next: nexts } = sentences.value ?? { codes: {}, next: {} };
  const { code, since, next, call, about } = why;
  return (
    <div class="explanation">
      {about && <strong>{`${wordsOf(about.kind)}: `}</strong>}
      {codes[code] ?? wordsOf(code)}{" "}
      <span class="quiet">
        Since <Time at={since} />.
      </span>{" "}
      {!brief && next && (nexts[next.code] ?? wordsOf(next.code))} {!brief && next?.at && <Time at={next.at} />}{" "}
      {!brief && call && (
        <>
          {`${wordsOf(call.operationId)} `}
          <span class="quiet">{`by the ${call.who}`}</span>{" "}
          <Copy
            label="Copy curl"
            forms={[
              {
                title: "curl",
                text: curlOf(call, call.who === "operator" ? undefined : `${call.who.toUpperCase()}_TOKEN`),
              },
            ]}
          />
        </>
      )}
    </div>
  );
}
