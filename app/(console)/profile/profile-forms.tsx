"use client";

import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ActButton, act } from "@/components/acts";
import { NewPasswordField, PasswordField, TextField } from "@/components/fields";
import { goToCompany } from "@/components/go-to-company";
import { notifySuccess } from "@/components/notify";
import { RelativeTime } from "@/components/relative-time";
import { Table } from "@/components/table";
import { useAction } from "@/components/use-action";
import { AT_END, PlainForm, useActionForm } from "@/components/use-action-form";
import { renameOneselfSchema } from "@/lib/people/administrators/schema";
import type { IdentityRow } from "@/lib/people/company/queries";
import type { CompanyButton } from "@/lib/people/company/schema";
import { changePasswordSchema } from "@/lib/people/links/schema";
import { requireProofAction } from "../proof-actions";
import { changePasswordAction, renameOneselfAction, unlinkIdentityAction } from "./actions";

export function NameForm({ name }: { name: string }) {
  const actionForm = useActionForm({
    schema: renameOneselfSchema,
    defaultValues: { name },
    action: renameOneselfAction,
    onSuccess: () => notifySuccess("Your name was saved."),
  });
  return (
    <PlainForm
      actionForm={actionForm}
      submitLabel="Save name"
      look={{ ...AT_END, variant: "default" }}
    >
      <TextField
        name="name"
        label="Your name"
        description="The name that other administrators and the audit trail show."
        autoComplete="name"
      />
    </PlainForm>
  );
}

const EMPTY = { current: "", password: "" };

export function PasswordForm({ email }: { email: string }) {
  const actionForm = useActionForm({
    schema: changePasswordSchema,
    defaultValues: EMPTY,
    action: changePasswordAction,
    onSuccess: (): void => {
      actionForm.form.reset(EMPTY);
      notifySuccess("Your password was changed. All your other sessions have ended.");
    },
  });
  return (
    <PlainForm actionForm={actionForm} submitLabel="Change password" look={AT_END}>
      {/* Password managers save a new password for the name they find. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <PasswordField name="current" label="Current password" autoComplete="current-password" />
      <NewPasswordField label="New password" name="password" />
    </PlainForm>
  );
}

type CompanyAccountsProps = { identities: IdentityRow[]; companies: CompanyButton[] };

export function CompanyAccounts({ identities, companies }: CompanyAccountsProps) {
  const [busy, setBusy] = useState<string | null>(null);
  const { run } = useAction();
  const add = (slug: string) =>
    run(
      () => requireProofAction({}),
      () => {
        setBusy(slug);
        goToCompany(slug, { purpose: "link", callbackUrl: "/profile" }).catch(() => setBusy(null));
      },
    );
  return (
    <Stack gap="sm">
      {identities.length === 0 ? (
        <Text>
          Add your company account to sign in with it. Your role may then follow from your groups
          there.
        </Text>
      ) : (
        <Table columns={["Company", "Account", "Last sign-in"]} hasActions>
          {identities.map((row) => (
            <tr key={row.id}>
              <td>{row.companyName}</td>
              <td data-label="Account">{row.username}</td>
              <td data-label="Last sign-in">
                {row.lastSignInAt ? <RelativeTime at={row.lastSignInAt} /> : "Never"}
              </td>
              <td>
                {row.decidesRole ? <Text>Decides your role</Text> : <RemoveButton {...row} />}
              </td>
            </tr>
          ))}
        </Table>
      )}
      <Group gap="xs">
        {companies.map(({ slug, name }) => (
          <Button key={slug} variant="default" loading={busy === slug} onClick={() => add(slug)}>
            {identities.some(({ companyName }) => companyName === name)
              ? `Add another account at ${name}`
              : `Add ${name}`}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

function RemoveButton({ id, username, companyName }: IdentityRow) {
  return (
    <ActButton
      size="xs"
      aria-label={`Remove ${username} at ${companyName}`}
      label="Remove"
      run={act(() => unlinkIdentityAction({ id }), `${username} was removed.`)}
    />
  );
}
