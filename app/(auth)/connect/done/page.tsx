import { Alert, Stack, Text, Title } from "@mantine/core";
import { TabTitle } from "@/components/tab-title";
import { readOwnerSession } from "@/lib/http/auth/owner";
import { idSchema } from "@/lib/kernel/fields/schema";
import { POSTKEY_NAME } from "@/lib/kernel/postkey-name";
import { findRemedy } from "@/lib/remedies/catalogue";
import {
  findOwnerOutcome,
  isRetried,
  type OwnerOutcome,
  ownersCauseOf,
  ownersWords,
} from "@/lib/sign-ins/links/owner";
import { OpenedFor, TryAgainButton } from "../link-page";

export default async function ConnectedPage({ searchParams }: PageProps<"/connect/done">) {
  const id = idSchema.safeParse((await searchParams).authorization).data;
  const ended = id === undefined ? null : await findOwnerOutcome(id, await readOwnerSession());
  if (id === undefined || !ended?.outcome)
    return (
      <Ending title="Nothing to show here">
        <Text size="md">Open the link that you were sent once more.</Text>
      </Ending>
    );
  const { outcome, link } = ended;
  if (outcome.kind === "connected")
    return (
      <Ending title="Done">
        <Text size="md" role="status">
          <b style={{ overflowWrap: "anywhere" }}>{outcome.username}</b> is signed in
          <OpenedFor username={outcome.username} mailboxes={ended.mailboxes} />. You can close this
          page.
        </Text>
        {outcome.missingScopes.length > 0 && (
          <Alert color="yellow">
            Tell your administrator that some permissions were not granted:{" "}
            {outcome.missingScopes.join(", ")}.
          </Alert>
        )}
      </Ending>
    );
  return (
    <Ending title="The mailbox is not signed in">
      <Failed {...ended} />
      {link && (
        <TryAgainButton
          authorizationRequestId={id}
          isPrimary={outcome.kind === "failed" && isRetried(ownersCauseOf(outcome.remedyId))}
        />
      )}
    </Ending>
  );
}

function Ending({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Stack gap="md">
      <TabTitle>{title}</TabTitle>
      <Title order={1} size="h3">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

/** Postkey itself can't be asked. */
function askerOf(link: OwnerOutcome["link"]): string {
  if (!link) return "the person who sent you the link";
  return link.createdByName === POSTKEY_NAME ? "your administrator" : link.createdByName;
}

function Failed({ outcome, expected, link }: OwnerOutcome) {
  if (outcome?.kind !== "failed") return null;
  const { remedyId, detail } = outcome;
  const cause = ownersCauseOf(remedyId);
  const asker = askerOf(link);
  return (
    <>
      {cause === "wrong_account" ? (
        <Text size="md" role="alert">
          You signed in as <b style={{ overflowWrap: "anywhere" }}>{detail}</b>, but the link is for{" "}
          <b style={{ overflowWrap: "anywhere" }}>{expected}</b>. Nothing was stored. Try again, and
          choose {expected}.
        </Text>
      ) : (
        <Text size="md" role="alert">
          {ownersWords(cause, { asker, canRetry: link !== null })}
        </Text>
      )}
      <details>
        <summary>For the person who sent you this link</summary>
        <Text mt="xs">{findRemedy(remedyId).title}</Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {detail.includes(remedyId) ? detail : [remedyId, detail].filter(Boolean).join(": ")}
        </Text>
      </details>
    </>
  );
}
