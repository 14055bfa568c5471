import type { Verdict } from "@/lib/mail/schema";
import { Badge, type BadgeIcon, type Tint } from "./badge";
import classes from "./badge.module.css";

type ShownVerdict = Verdict | null;

const LOOK: Record<NonNullable<ShownVerdict>, { tint: Tint; icon: BadgeIcon; word: string }> = {
  ok: { tint: "teal", icon: "check", word: "works" },
  failed: { tint: "red", icon: "x", word: "failed" },
  skipped: { tint: "gray", icon: "minus", word: "not tested" },
  aborted: { tint: "gray", icon: "minus", word: "not finished" },
};

export function VerdictBadges({
  imap,
  smtp,
  pop3,
}: {
  imap: ShownVerdict;
  smtp: ShownVerdict;
  pop3: ShownVerdict;
}) {
  const verdicts = [
    ["IMAP", imap],
    ["SMTP", smtp],
    ["POP3", pop3],
  ] as const;
  return (
    <span className={classes.group}>
      {verdicts.map(([name, verdict]) => {
        const { tint, icon, word } = LOOK[verdict ?? "skipped"];
        return (
          <Badge key={name} size="sm" tint={tint} icon={icon} title={`${name} ${word}`}>
            {name}
          </Badge>
        );
      })}
    </span>
  );
}
