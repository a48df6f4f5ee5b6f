import { Act } from "../action";
import { Title } from "../parts/bars";
import { CopyScreen } from "../parts/copy";
import { settleDay } from "../writes";
import { Detail } from "./detail";

/** A closed day of transfers, with its batches and the position of each application. */
export function DayScreen({ day }: { day: string }) {
  const path = `/api/v1/admin/settlement-days/${encodeURIComponent(day)}`;
  return (
    <>
      <Title more={<CopyScreen path={path} id={day} />}>Settlement of {day}</Title>
      <Detail path={path} isOpen>
        {(_, { batches = [] }) => {
          const open = [batches].flat().filter(({ status }) => status !== "COMPLETED");
          const seen = open.map(({ currency, status, createdAt }) => `${currency}:${status}:${createdAt}`).join();
          return open.length > 0 && <Act main label="Settle" action={settleDay(day, seen)} />;
        }}
      </Detail>
    </>
  );
}
