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
      <State channel={channel} />
      {linksStoppedAt && <span className={classes.second}>Links are not sent</span>}
      {pending > 0 && (
        <span className={classes.second}>
          {pending} {pending === 1 ? "alert pending" : "alerts pending"}
        </span>
      )}
    </div>
  );
}

function State({ channel: { enabled, failingSince, lastDeliveredAt } }: ChannelStateProps) {
  if (!enabled)
    return (
      <Badge tint="gray" icon="player-pause">
        Switched off
      </Badge>
    );
  if (failingSince)
    return (
      <Badge tint="red" icon="alert-triangle">
        Failing
      </Badge>
    );
  if (!lastDeliveredAt)
    return (
      <Badge tint="gray" icon="circle-dashed">
        Not tested
      </Badge>
    );
  return (
    <Badge tint="teal" icon="circle-check">
      Working
    </Badge>
  );
}
