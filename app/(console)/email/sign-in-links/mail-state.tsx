import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import classes from "@/components/table.module.css";
import type { SignInLinkRow } from "@/lib/sign-ins/links/schema";

export function MailState({ mail }: Pick<SignInLinkRow, "mail">) {
  if (!mail) return <span className={classes.dimmed}>Not sent by mail</span>;
  const { letter, remindsAt, remindedAt } = mail;
  return (
    <span>
      <Badge {...LETTERS[letter.state]} />
      <span className={classes.second}>
        <Outcome letter={letter} />
        {remindsAt && letter.state === "sent" && (
          <>
            ; reminder <RelativeTime at={remindsAt} />
          </>
        )}
        {remindedAt && (
          <>
            ; reminded <RelativeTime at={remindedAt} />
          </>
        )}
      </span>
    </span>
  );
}

type LetterProps = { letter: NonNullable<SignInLinkRow["mail"]>["letter"] };

/** The server's words are shown if something is wrong. */
function Outcome({ letter: { state, sentAt, attempts, result } }: LetterProps) {
  if (state === "sent" && sentAt) return <RelativeTime at={sentAt} />;
  if (state === "failed") return result;
  if (!result) return "In line";
  const tried = attempts > 0 && ` Tried ${attempts === 1 ? "once" : `${attempts} times`}.`;
  return (
    <>
      {result}
      {tried} Postkey retries automatically.
    </>
  );
}

const LETTERS = {
  sent: { tint: "teal", icon: "check", children: "Sent" },
  waiting: { tint: "yellow", icon: "refresh", children: "Waiting" },
  failed: { tint: "red", icon: "alert-triangle", children: "Not sent" },
} as const;
