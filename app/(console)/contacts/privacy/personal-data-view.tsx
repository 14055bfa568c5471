"use client";

import { Button, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconUserX } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { ActButton } from "@/components/act-button";
import { act, type PressedAct } from "@/components/acts";
import { notifySuccess } from "@/components/notify";
import { RelativeTime } from "@/components/relative-time";
import type { Elsewhere, PersonalData } from "@/lib/contacts/privacy/schema";
import { wallTime } from "@/lib/kernel/clock";
import { letInAgainAction } from "../actions";

const ErasePersonDialog = dynamic(() =>
  import("./erase-person-dialog").then((module) => module.ErasePersonDialog),
);

const KINDS: Readonly<Record<Elsewhere, string>> = {
  administrator: "Administrator",
  alert_channel: "Alert channel",
  authenticator: "Authenticator app",
  company_account: "Company account",
  email_account: "Email account",
  invitation: "Invitation",
  letter: "Mail with a link, cleared when you erase or block the address",
  passkey: "Passkey",
  session: "Session",
  sign_in: "Sign-in at a cloud provider",
  sign_in_link: "Sign-in link",
};

type PersonalDataViewProps = {
  data: PersonalData;
  onChange: () => void;
};

export function PersonalDataView({ data, onChange }: PersonalDataViewProps) {
  const { address, contact, keptOutSince, elsewhere } = data;
  return (
    <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
      <Stack>
        <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
          {address}
        </Title>
        {contact ? (
          <Contact contact={contact} />
        ) : (
          <Text size="sm">No contact has this address.</Text>
        )}
        {keptOutSince && (
          <Text size="sm">
            It was erased and blocked <RelativeTime at={keptOutSince} />. Postkey stores only a hash
            of it.
          </Text>
        )}
        {elsewhere.length > 0 && (
          <div>
            <Text size="sm">The address is also used here. Change or delete it there:</Text>
            <List size="sm" mt={4}>
              {elsewhere.map(({ kind, name }) => (
                <List.Item key={`${kind} ${name}`}>
                  {KINDS[kind]}: {name}
                </List.Item>
              ))}
            </List>
          </div>
        )}
        <Decisions data={data} onChange={onChange} />
      </Stack>
    </Paper>
  );
}

function Decisions({ data, onChange }: PersonalDataViewProps) {
  const { address, contact, keptOutSince } = data;
  const lettingIn: PressedAct = {
    label: "Unblock",
    run: act(
      () => letInAgainAction({ email: address }),
      () => {
        notifySuccess("The address can be saved again.");
        onChange();
      },
    ),
  };
  const erasing: PressedAct = {
    label: contact ? "Erase" : "Block",
    icon: IconUserX,
    dialog: (close) => (
      <ErasePersonDialog
        email={address}
        isContact={contact !== null}
        onDone={onChange}
        onClose={close}
      />
    ),
  };
  return (
    <Group gap="sm">
      <Button
        variant="default"
        leftSection={<IconDownload size={16} />}
        onClick={() => download(data)}
      >
        Download as JSON
      </Button>
      <ActButton key={`${keptOutSince}`} {...(keptOutSince ? lettingIn : erasing)} />
    </Group>
  );
}

function Contact({ contact }: { contact: NonNullable<PersonalData["contact"]> }) {
  const { name, list, source, addedAt, firstSeenAt, lastSeenAt } = contact;
  return (
    <Text size="sm">
      A contact{name && ` named ${name}`} in the list “{list}”,{" "}
      {firstSeenAt ? "first seen" : "added"} <RelativeTime at={firstSeenAt ?? addedAt} />
      {source && ` in the inbox of ${source}`}
      {lastSeenAt && (
        <>
          , last seen <RelativeTime at={lastSeenAt} />
        </>
      )}
      .
    </Text>
  );
}

function download(data: PersonalData): void {
  const text = JSON.stringify({ ...data, exportedAt: wallTime() }, null, 2);
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "postkey-personal-data.json";
  link.click();
  URL.revokeObjectURL(url);
}
