import { wallTime } from "@/lib/kernel/clock";
import { RelativeTime } from "./relative-time";
import classes from "./table.module.css";

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** When a credential expires, if it does: plain while it is far, orange within a month, red when it is over. */
export function ExpiryText({ at }: { at: Date | null }) {
  if (!at) return <span className={classes.dimmed}>Does not expire</span>;
  const days = (at.getTime() - wallTime().getTime()) / DAY_MS;
  if (days < 0)
    return (
      <span className={classes.over}>
        Expired <RelativeTime at={at} />
      </span>
    );
  return (
    <span className={days < SOON_DAYS ? classes.soon : undefined}>
      <RelativeTime at={at} />
    </span>
  );
}
