import { Title } from "../parts/bars";
import { CopyScreen } from "../parts/copy";
import { Detail } from "./detail";

/** A closed day of transfers, with its batches and the position of each application. */
export function DayScreen({ day }: { day: string }) {
  const path = `/api/v1/admin/settlement-days/${encodeURIComponent(day)}`;
  return (
    <>
      <Title more={<CopyScreen path={path} id={day} />}>Settlement of {day}</Title>
      <Detail path={path} />
    </>
  );
}
