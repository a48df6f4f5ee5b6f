import { useEffect, useRef } from "preact/hooks";
import { objectPath } from "../address";
import { operator } from "../api";
import { Id } from "../parts/id";
import { Shown } from "../parts/states";
import { useResource } from "../resource";
import { Diagram } from "../timeline/diagram";
import { entriesOf, laneNames } from "../timeline/entries";
import { LaneList } from "../timeline/timeline";
import { isNarrow } from "../width";

/** The timeline of what a journey is about, as it fills. Each mark leads to its entry in the console. */
export function StoryTimeline({ id, object }: { id: string; object: string }) {
  const found = useResource(`timeline ${id}`, async () => (await operator.viewTimeline({ query: { id } })).data);
  const entries = found.value ? entriesOf(found.value.entries) : [];
  const linkTo = (index: number) => `${objectPath(id)}?entry=${index}`;
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const scrolled = ref.current?.querySelector(".diagram, .lane-list");
    scrolled?.scrollTo(scrolled.scrollWidth, scrolled.scrollHeight);
  }, [entries.length]);
  return (
    <div class="story-timeline" ref={ref}>
      <div class="bar">
        <h3>{`What has happened to the ${object}`}</h3>
        <span class="quiet">
          Open <Id id={id} /> in the console
        </span>
      </div>
      <Shown of={found} lines={6}>
        {() =>
          isNarrow.value ? (
            <LaneList entries={entries} linkTo={linkTo} />
          ) : (
            <Diagram entries={entries} shownLanes={laneNames} linkTo={linkTo} />
          )
        }
      </Shown>
    </div>
  );
}
