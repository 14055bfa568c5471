import { RelativeTime } from "@/components/relative-time";

export function OpenedAgain({ firstOpenedAt }: { firstOpenedAt: Date }) {
  return (
    <>
      opened again; first <RelativeTime at={firstOpenedAt} />
    </>
  );
}
