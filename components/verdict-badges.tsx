import { Badge, type BadgeIcon, type Tint } from "./badge";
import classes from "./badge.module.css";

type Verdict = "ok" | "failed" | "skipped" | "aborted" | null;

const LOOK: Record<NonNullable<Verdict>, { tint: Tint; icon: BadgeIcon; word: string }> = {
  ok: { tint: "teal", icon: "check", word: "works" },
  failed: { tint: "red", icon: "x", word: "failed" },
  skipped: { tint: "gray", icon: "minus", word: "not tested" },
  aborted: { tint: "gray", icon: "minus", word: "not finished" },
};

/** The last verdict per protocol, by colour, symbol and name. */
export function VerdictBadges({
  imap,
  smtp,
  pop3,
}: {
  imap: Verdict;
  smtp: Verdict;
  pop3: Verdict;
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
