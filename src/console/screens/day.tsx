import { Title } from "../parts/bars";
import { Copy, curlOf } from "../parts/copy";
import { Detail } from "./detail";

/** A closed day of transfers, with its batches and the position of each application. */
export function DayScreen({ day }: { day: string }) {
  const path = `/api/v1/admin/settlement-days/${encodeURIComponent(day)}`;
  return (
    <>
      <Title
        more={
          <Copy
            forms={[
              { title: "curl", text: curlOf({ method: "GET", path }) },
              { title: "Link", text: location.href },
            ]}
          />
        }
      >
        Settlement of {day}
      </Title>
      <Detail path={path} />
    </>
  );
}
