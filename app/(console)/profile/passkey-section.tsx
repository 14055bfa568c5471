"use client";

import { Alert, Group, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { ActButton, act } from "@/components/acts";
import { Badge } from "@/components/badge";
import { TextField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { makePasskey } from "@/components/passkey";
import { withProof } from "@/components/proof";
import { RelativeTime } from "@/components/relative-time";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { ActionResult } from "@/lib/http/schema";
import type { PasskeyRow } from "@/lib/people/passkeys/queries";
import { newPasskeySchema } from "@/lib/people/passkeys/schema";
import { addPasskeyAction, beginAddingPasskeyAction, removePasskeyAction } from "./factor-actions";

type PasskeySectionProps = {
  passkeys: readonly PasskeyRow[];
  hasPassword: boolean;
  problem: string | null;
  browser: string;
};

export function PasskeySection({ passkeys, hasPassword, problem, browser }: PasskeySectionProps) {
  return (
    <Stack>
      <Text>
        {problem ??
          `A passkey signs you in with your finger, face or PIN, without a name or a password. ${hasPassword ? "You keep your password as well." : "You can still sign in at your company."}`}
      </Text>
      {passkeys.length > 0 && (
        <Table columns={["Name", "Added", "Last used"]} hasActions>
          {passkeys.map((passkey) => (
            <tr key={passkey.id}>
              <td>
                <span className={classes.name}>{passkey.name}</span>{" "}
                {!passkey.isOfThisHost && <Badge tint="gray">For {passkey.rpId}</Badge>}
                {passkey.copiedAt && <Badge tint="red">Refused</Badge>}
              </td>
              <td data-label="Added">
                <RelativeTime at={passkey.createdAt} />
              </td>
              <td data-label="Last used">
                {passkey.lastUsedAt ? <RelativeTime at={passkey.lastUsedAt} /> : "Not used"}
              </td>
              <td className={classes.action}>
                <RemovePasskeyButton passkey={passkey} />
              </td>
            </tr>
          ))}
        </Table>
      )}
      {passkeys.some(({ copiedAt }) => copiedAt) && (
        <Alert color="red">
          A passkey was refused because its counter went back, so someone may have a copy of it.
          Remove it, and add a new one.
        </Alert>
      )}
      {problem === null && (
        <Group>
          <ActButton
            label="Add a passkey"
            dialog={<AddPasskeyDialog defaultName={freeName(browser, passkeys)} />}
          />
        </Group>
      )}
    </Stack>
  );
}

/** “Chrome on Linux”, then “Chrome on Linux 2”. */
function freeName(browser: string, passkeys: readonly PasskeyRow[]): string {
  const isTaken = (name: string) => passkeys.some((passkey) => passkey.name === name);
  if (browser === "" || !isTaken(browser)) return browser;
  let nth = 2;
  while (isTaken(`${browser} ${nth}`)) nth += 1;
  return `${browser} ${nth}`;
}

function RemovePasskeyButton({ passkey: { id, name } }: { passkey: PasskeyRow }) {
  return (
    <ActButton
      size="xs"
      aria-label={`Remove ${name}`}
      label="Remove"
      isDangerous
      confirm={{
        title: `Remove ${name}?`,
        text: "It no longer signs you in here. Delete it on your device too, which still offers it.",
      }}
      run={act(
        () => removePasskeyAction({ id }),
        `${name} was removed. All your other sessions have ended.`,
      )}
    />
  );
}

function AddPasskeyDialog({ defaultName }: { defaultName: string }) {
  const router = useRouter();
  return (
    <FormDialog
      title="Add a passkey"
      submitLabel="Continue"
      schema={newPasskeySchema}
      defaultValues={{ name: defaultName }}
      action={addNamed}
      done={() => {
        notifySuccess("The passkey was added. All your other sessions have ended.");
        router.refresh();
      }}
    >
      <Text>
        Your browser asks next where to keep the passkey: on this device, on a phone or on a
        security key.
      </Text>
      <TextField
        name="name"
        label="Name"
        description="A name to recognise it by, such as where it is kept."
        data-autofocus
      />
    </FormDialog>
  );
}

async function addNamed({ name }: { name: string }): Promise<ActionResult<void>> {
  const begun = await withProof(() => beginAddingPasskeyAction({}));
  if (!begun.ok) return begun;
  const made = await makePasskey(begun.data);
  if (made.ok) return addPasskeyAction({ name, response: made.data });
  const message = "No passkey was created. Try again when you are ready.";
  return { ok: false, error: made.error ?? { code: "conflict", message } };
}
