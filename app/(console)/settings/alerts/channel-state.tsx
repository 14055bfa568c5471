import { Badge } from "@/components/badge";
import classes from "@/components/table.module.css";
import type { AlertChannelRow } from "@/lib/watch/alerts/schema";

type ChannelStateProps = {
  channel: Pick<
    AlertChannelRow,
    "enabled" | "failingSince" | "lastDeliveredAt" | "pending" | "linksStoppedAt"
  >;
};

export function ChannelState({ channel }: ChannelStateProps) {
  const { pending, linksStoppedAt } = channel;
  return (
    <div>
      <Badge {...lookOf(channel)} />
      {linksStoppedAt && <span className={classes.second}>Links are not sent</span>}
      {pending > 0 && (
        <span className={classes.second}>
          {pending} {pending === 1 ? "alert pending" : "alerts pending"}
        </span>
      )}
    </div>
  );
}

const LOOKS = {
  off: { tint: "gray", icon: "player-pause", children: "Switched off" },
  failing: { tint: "red", icon: "alert-triangle", children: "Failing" },
  untested: { tint: "gray", icon: "circle-dashed", children: "Not tested" },
  working: { tint: "teal", icon: "circle-check", children: "Working" },
} as const;

function lookOf({ enabled, failingSince, lastDeliveredAt }: ChannelStateProps["channel"]) {
  if (!enabled) return LOOKS.off;
  if (failingSince) return LOOKS.failing;
  return lastDeliveredAt ? LOOKS.working : LOOKS.untested;
}
