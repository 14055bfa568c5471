import { RelativeTime } from "@/components/relative-time";

/** Beside the start of an incident that failed again while it recovered. */
export function OpenedAgain({ firstOpenedAt }: { firstOpenedAt: Date }) {
  return (
    <>
      opened again; first <RelativeTime at={firstOpenedAt} />
    </>
  );
}
