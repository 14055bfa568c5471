"use client";

import { Radio, Stack } from "@mantine/core";
import { useEffect, useState } from "react";
import { useFormContext } from "react-hook-form";
import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { CanOpen } from "@/components/can";
import { ChoiceField } from "@/components/choice-field";
import { draftKey, leaveDraft, readDraft, writeDraft } from "@/components/drafts";
import { InlineLink } from "@/components/links";
import { PasswordField, TextField } from "@/components/text-fields";
import { CONNECTION_FIELDS } from "@/lib/email-accounts/test-schedule/schema";
import { mailService } from "@/lib/mail/services/schema";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { AccountChoices, AccountValues } from "./account-values";
import { DelegateField } from "./delegate-field";
import { SignInNotice } from "./sign-in-notice";
import { useSignIn } from "./use-sign-in";

type SignInFieldsProps = { choices: AccountChoices; hasPassword: boolean };

type Kind = "own" | "shared";

const KINDS: readonly { value: Kind; label: string; description: string }[] = [
  { value: "own", label: "Own mailbox", description: "Signs in with its own address." },
  {
    value: "shared",
    label: "Shared mailbox",
    description: "A delegate signs in: someone with access to it.",
  },
];

export function SignInFields({ choices, hasPassword }: SignInFieldsProps) {
  const isModern = useFormContext<AccountValues>().watch("modernAuthentication");
  if (!isModern) return <PasswordSignInFields hasPassword={hasPassword} />;
  return (
    <>
      <ProviderField {...choices} />
      <MailboxFields />
    </>
  );
}

function PasswordSignInFields({ hasPassword }: { hasPassword: boolean }) {
  return (
    <>
      <EmailAddressField isLogin />
      <TextField<AccountValues>
        name="username"
        label="Username"
        description="The user name for the mail server."
        withAsterisk
      />
      <PasswordField<AccountValues>
        name="password"
        label="Password"
        description={
          hasPassword
            ? "A password is stored. Leave this empty to keep it for the same servers and user name."
            : undefined
        }
        autoComplete="new-password"
        withAsterisk={!hasPassword}
      />
    </>
  );
}

function ProviderField({ providers, provider }: AccountChoices) {
  return (
    <ChoiceField<AccountValues>
      name="cloudProviderId"
      label="Cloud Provider"
      description={
        providers.found.length === 0 && (
          <>
            No cloud providers yet.{" "}
            <CanOpen
              href="/settings/cloud-providers/new"
              otherwise="Ask an administrator to add one."
            >
              <InlineLink href="/settings/cloud-providers/new">Add a cloud provider</InlineLink>{" "}
              first.
            </CanOpen>
          </>
        )
      }
      placeholder="Choose …"
      withAsterisk
      first={providers}
      find={(search) => searchCloudProvidersAction({ search })}
      chosen={provider}
    />
  );
}

function MailboxFields() {
  const { watch, getValues, setValue, resetField, formState } = useFormContext<AccountValues>();
  const [initial] = useState<Kind>(() => kindOf(getValues()));
  const [wanted, setKind] = useDraftState("kind-of-mailbox", { initial, toValue: toKind });
  const [service, cloudProviderId, username] = watch(["service", "cloudProviderId", "username"]);
  const found = useSignIn({ cloudProviderId, username });
  const changesConnection = CONNECTION_FIELDS.some((field) => formState.dirtyFields[field]);
  const canShare =
    mailService(service).hasSharedMailboxes &&
    !(found.provider && isByItself(found.provider.grant));
  const kind = canShare ? wanted : "own";
  const changeKind = (chosen: Kind) => {
    setKind(chosen);
    resetField("username", { defaultValue: "" });
    const own = getValues("emailAddress").trim();
    if (chosen === "own") setValue("username", own, { shouldDirty: true });
  };
  return (
    <>
      {canShare && <KindField kind={kind} onChange={changeKind} />}
      <EmailAddressField isLogin={kind === "own"} />
      {kind === "shared" ? (
        <DelegateField key={cloudProviderId} cloudProviderId={cloudProviderId} />
      ) : (
        <TextField<AccountValues>
          name="username"
          label="Username"
          description="The address that signs in, usually the mailbox's own."
          withAsterisk
        />
      )}
      <SignInNotice
        found={found}
        sharedMailbox={kind === "shared" ? watch("emailAddress") : null}
        isTested={watch("active") === true && changesConnection}
      />
    </>
  );
}

function KindField({ kind, onChange }: { kind: Kind; onChange: (kind: Kind) => void }) {
  return (
    <Radio.Group label="Kind of mailbox" value={kind} onChange={(value) => onChange(toKind(value))}>
      <Stack gap="xs" mt={6}>
        {KINDS.map((each) => (
          <Radio key={each.value} {...each} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function toKind(value: string): Kind {
  return value === "shared" ? "shared" : "own";
}

function kindOf({ username, emailAddress, mailbox }: AccountValues): Kind {
  const opened = (mailbox || emailAddress).trim().toLowerCase();
  return username.trim().toLowerCase() === opened ? "own" : "shared";
}

/** Survives the end of the session, like the fields of the form. */
function useDraftState<T extends string>(
  name: string,
  { initial, toValue }: { initial: T; toValue: (kept: string) => T },
): [T, (value: T) => void] {
  const [value, setValue] = useState(initial);
  useEffect(() => {
    const key = draftKey({ id: name });
    for (const [, kept] of readDraft(key)) setValue(toValue(String(kept)));
    return () => leaveDraft(key);
  }, [name, toValue]);
  useEffect(
    () => writeDraft(draftKey({ id: name }), { [name]: initial }, { [name]: value }),
    [name, initial, value],
  );
  return [value, setValue];
}

type EmailAddressFieldProps = {
  isLogin: boolean;
};

/** Most mailboxes sign in with it: the user name follows until it is typed. */
function EmailAddressField({ isLogin }: EmailAddressFieldProps) {
  const { ...form } = useFormContext<AccountValues>();
  const suggestUsername = () => {
    if (isLogin && !form.getFieldState("username").isDirty)
      form.setValue("username", form.getValues("emailAddress").trim());
  };
  return (
    <TextField<AccountValues>
      name="emailAddress"
      onChange={suggestUsername}
      label="Email Address"
      description="Messages are sent from this address."
      type="email"
      withAsterisk
    />
  );
}
