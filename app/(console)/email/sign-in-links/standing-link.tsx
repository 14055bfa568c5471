import { RelativeTime } from "@/components/relative-time";
import type { StandingLink } from "@/lib/sign-ins/links/schema";

export function StandingLinkText({ link }: { link: StandingLink }) {
  const { mail, createdAt, createdByName, openedAt, state, failedAt, expiresAt } = link;
  const sentAt = mail?.letter.sentAt;
  return (
    <>
      {sentAt ? (
        <>
          sent by mail <RelativeTime at={sentAt} />
        </>
      ) : (
        <>
          created <RelativeTime at={createdAt} /> by {createdByName},{" "}
          {mail ? UNSENT[mail.letter.state] : "not sent by mail"}
        </>
      )}
      {openedAt ? (
        <>
          ; opened <RelativeTime at={openedAt} />
        </>
      ) : (
        "; not opened"
      )}
      {state === "failed" && failedAt && (
        <>
          ; the sign-in failed <RelativeTime at={failedAt} />
        </>
      )}
      ; expires <RelativeTime at={expiresAt} />
    </>
  );
}

const UNSENT = { waiting: "waits to be sent", failed: "could not be sent", sent: "sent" } as const;
