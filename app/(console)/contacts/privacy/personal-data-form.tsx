"use client";

import { Button, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconSearch, IconUserX } from "@tabler/icons-react";
import { useState } from "react";
import type { z } from "zod";
import { download } from "@/app/(console)/download";
import { ActButton, act, type PressedAct } from "@/components/acts";
import { SwitchField, TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { RelativeTime } from "@/components/relative-time";
import { AT_END, PlainForm, useActionForm } from "@/components/use-action-form";
import {
  ELSEWHERE,
  erasePersonSchema,
  type PersonalData,
  personSchema,
} from "@/lib/contacts/privacy/schema";
import { wallTime } from "@/lib/kernel/clock";
import { counted } from "@/lib/kernel/text/schema";
import { erasePersonAction, findPersonalDataAction, letInAgainAction } from "../actions";

/** The address is not in the URL, which proxies log. */
export function PersonalDataForm({ email, keptOut }: { email: string; keptOut: number }) {
  const [data, setData] = useState<PersonalData | null>(null);
  const actionForm = useActionForm({
    schema: personSchema,
    defaultValues: { email },
    action: findPersonalDataAction,
    onSuccess: setData,
  });
  return (
    <Stack gap="lg">
      <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
        <PlainForm
          actionForm={actionForm}
          submitLabel="Show what is stored"
          look={{
            ...AT_END,
            variant: data ? "default" : "filled",
            leftSection: <IconSearch size={16} />,
          }}
        >
          <TextField
            name="email"
            onChange={() => setData(null)}
            label="Email address of the person"
            type="email"
            withAsterisk
          />
          <Text c="dimmed">
            {keptOut === 0
              ? "No addresses are"
              : counted(keptOut, "erased address is", "erased addresses are")}{" "}
            blocked.
          </Text>
        </PlainForm>
      </Paper>
      <div role="status">
        {data && <PersonalDataView key={data.address} data={data} onChange={actionForm.submit} />}
      </div>
    </Stack>
  );
}

type PersonalDataViewProps = { data: PersonalData; onChange: () => void };

function PersonalDataView({ data, onChange }: PersonalDataViewProps) {
  const { address, contact, keptOutSince, elsewhere } = data;
  return (
    <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
      <Stack>
        <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
          {address}
        </Title>
        {contact ? <Contact contact={contact} /> : <Text>No contact has this address.</Text>}
        {keptOutSince && (
          <Text>
            It was erased and blocked <RelativeTime at={keptOutSince} />. Postkey stores only a hash
            of it.
          </Text>
        )}
        {elsewhere.length > 0 && (
          <div>
            <Text>The address is also used here. Change or delete it there:</Text>
            <List size="sm" mt={4}>
              {elsewhere.map(({ kind, name }) => (
                <List.Item key={`${kind} ${name}`}>
                  {ELSEWHERE[kind]}: {name}
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
    dialog: <ErasePersonDialog email={address} isContact={contact !== null} onDone={onChange} />,
  };
  return (
    <Group gap="sm">
      <Button
        variant="default"
        leftSection={<IconDownload size={16} />}
        onClick={() => {
          const text = JSON.stringify({ ...data, exportedAt: wallTime() }, null, 2);
          download("postkey-personal-data.json", [text], "application/json");
        }}
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
    <Text>
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

type ErasePersonDialogProps = { email: string; isContact: boolean; onDone: () => void };

function ErasePersonDialog({ email, isContact, onDone }: ErasePersonDialogProps) {
  return (
    <FormDialog
      title={isContact ? `Erase ${email}?` : `Block ${email}?`}
      submitLabel={isContact ? "Erase" : "Block"}
      isDangerous
      schema={erasePersonSchema}
      defaultValues={{ email, keepOut: true }}
      action={erasePersonAction}
      done={() => {
        notifySuccess(isContact ? "The person was erased." : "The address is blocked.");
        onDone();
      }}
    >
      {isContact && (
        <>
          <Text>
            The contact is erased for good. The audit trail records that a contact existed and when
            it was erased, with a number instead of the address and name. Existing backups still
            contain it.
          </Text>
          <SwitchField<z.input<typeof erasePersonSchema>>
            name="keepOut"
            label="Do not save this address again"
            description="Postkey keeps a hash to recognise it; otherwise the next message recreates the contact."
          />
        </>
      )}
      {!isContact && (
        <Text>
          Postkey no longer saves this address. It keeps a hash to recognise it, which you can
          remove here.
        </Text>
      )}
    </FormDialog>
  );
}
