import { Badge } from "@/components/badge";
import { TextLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { SelectCell } from "@/components/select-cell";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import { findRemedy } from "@/lib/remedies/catalogue";
import { isOwnMailbox, mailboxesText } from "@/lib/sign-ins/links/mailbox-names";
import { LINK_STATES, type SignInLinkRow } from "@/lib/sign-ins/links/schema";
import { LinkMenu } from "./link-menu";
import { SELECTED } from "./selected";

type LinkRowProps = { link: SignInLinkRow; canMail: boolean; isSelectable: boolean };

export function LinkRow({ link, canMail, isSelectable }: LinkRowProps) {
  return (
    <tr>
      <td className={classes.wide}>
        <SelectCell
          box={{ name: SELECTED, value: link.id, label: link.username }}
          isSelectable={isSelectable}
        >
          <span className={classes.name}>{link.username}</span>
          {!isOwnMailbox(link.username, link.mailboxes) && (
            <span className={classes.second}>opens {mailboxesText(link.mailboxes, 5)}</span>
          )}
        </SelectCell>
      </td>
      <td data-label="Provider">
        <RowLink href={routes.cloudProvider(link.cloudProviderId)}>{link.providerName}</RowLink>
      </td>
      <td data-label="State">
        <State link={link} />
      </td>
      <td data-label="Mail">
        <MailState mail={link.mail} />
      </td>
      <td data-label="Created">
        <span>
          <RelativeTime at={link.createdAt} /> by {link.createdByName}
        </span>
      </td>
      <td className={classes.menu}>
        <LinkMenu
          id={link.id}
          username={link.username}
          cloudProviderId={link.cloudProviderId}
          state={link.state}
          canMail={canMail}
          letterState={link.mail?.letter.state ?? null}
          isReminded={Boolean(link.mail?.remindsAt)}
        />
      </td>
    </tr>
  );
}

const TINTS = {
  waiting: { tint: "gray", icon: "circle-dashed" },
  opened: { tint: "indigo", icon: "user-exclamation" },
  failed: { tint: "red", icon: "alert-triangle" },
  signed_in: { tint: "teal", icon: "check" },
  expired: { tint: "orange", icon: "minus" },
} as const;

function State({ link }: { link: SignInLinkRow }) {
  const { state, signedInAt, openedAt, failureId, failedAt, expiresAt } = link;
  const at = { waiting: null, opened: openedAt, failed: failedAt, signed_in: signedInAt }[
    state === "expired" ? "waiting" : state
  ];
  return (
    <span>
      <Badge {...TINTS[state]}>{LINK_STATES[state]}</Badge>
      <span className={classes.second}>
        {at && <RelativeTime at={at} />}
        {state === "waiting" && (
          <>
            ends <RelativeTime at={expiresAt} />
          </>
        )}
        {state === "failed" && failureId !== null && (
          <>
            {": "}
            <TextLink size="xs" href={routes.remedy(failureId)}>
              {findRemedy(failureId)?.title ?? failureId}
            </TextLink>
          </>
        )}
      </span>
    </span>
  );
}

function MailState({ mail }: Pick<SignInLinkRow, "mail">) {
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
  if (!result) return "Queued";
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
