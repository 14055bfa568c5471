import type { Verdict } from "@/lib/mail/schema";
import { Badge, type BadgeIcon, type Tint } from "./badge";
import classes from "./badge.module.css";

const LOOK: Record<Verdict, { tint: Tint; icon: BadgeIcon; word: string }> = {
  ok: { tint: "teal", icon: "check", word: "works" },
  failed: { tint: "red", icon: "x", word: "failed" },
  skipped: { tint: "gray", icon: "minus", word: "not tested" },
  aborted: { tint: "gray", icon: "minus", word: "not finished" },
};

const PROTOCOLS = ["imap", "smtp", "pop3"] as const;

export function VerdictBadges(verdicts: Record<(typeof PROTOCOLS)[number], Verdict | null>) {
  return (
    <span className={classes.group}>
      {PROTOCOLS.map((protocol) => {
        const { tint, icon, word } = LOOK[verdicts[protocol] ?? "skipped"];
        const name = protocol.toUpperCase();
        return (
          <Badge key={name} size="sm" tint={tint} icon={icon} title={`${name} ${word}`}>
            {name}
          </Badge>
        );
      })}
    </span>
  );
}
