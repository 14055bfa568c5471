"use client";

import { Anchor, Box, Radio, Stack, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { useController, useFormContext } from "react-hook-form";
import { searchCloudProvidersAction, searchSignedInAction } from "@/app/(console)/choices/actions";
import { CanOpen } from "@/components/can";
import { ChoiceField, ChoiceInput } from "@/components/choice-input";
import { PasswordField, TextField } from "@/components/fields";
import { InlineLink } from "@/components/links";
import { CONNECTION_FIELDS } from "@/lib/email-accounts/schema";
import type { Choices } from "@/lib/kernel/choices/schema";
import { mailService } from "@/lib/mail/services/schema";
import { isByItself } from "@/lib/oauth/schema";
import type { AccountChoices, AccountValues } from "./account-values";
import { SignInNotice, useSignIn } from "./sign-in-notice";

type SignInFieldsProps = { choices: AccountChoices; hasPassword: boolean };

type Kind = "own" | "shared";

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
  const [wanted, setKind] = useState<Kind>(() => kindOf(getValues()));
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
        {[
          { value: "own", label: "Own mailbox", description: "Signs in with its own address." },
          {
            value: "shared",
            label: "Shared mailbox",
            description: "A delegate signs in: someone with access to it.",
          },
        ].map((each) => (
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

/** Most mailboxes sign in with it: the user name follows until it is typed. */
function EmailAddressField({ isLogin }: { isLogin: boolean }) {
  const form = useFormContext<AccountValues>();
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
const NONE: Choices = { found: [], hasMore: false };

function DelegateField({ cloudProviderId }: { cloudProviderId: string | null }) {
  const { field, fieldState } = useController<AccountValues, "username">({ name: "username" });
  const { first, isKnown } = useSignedIn(cloudProviderId, field.value);
  const [isNew, setNew] = useState<boolean | null>(null);
  const hasChoices = first !== null && first.found.length > 0;
  const isNobody = first !== null && !hasChoices;
  const isTyped = cloudProviderId === null || isNobody || (isNew ?? !isKnown);
  const switchTo = (chosen: boolean) => {
    setNew(chosen);
    field.onChange("");
  };
  const shared = { label: "Delegate", withAsterisk: true, error: fieldState.error?.message };
  if (isTyped)
    return (
      <Box>
        <TextInput
          {...shared}
          description="The address of the person who signs in and has access to the shared mailbox."
          autoComplete="off"
          {...field}
        />
        {hasChoices && (
          <Toggle onClick={() => switchTo(false)}>Choose someone who is signed in</Toggle>
        )}
      </Box>
    );
  return (
    <Box>
      <ChoiceInput
        {...shared}
        ref={field.ref}
        description="Someone who is signed in and has access to the shared mailbox."
        placeholder="Choose …"
        first={first ?? NONE}
        find={(search) => searchSignedInAction({ cloudProviderId, search })}
        value={field.value ? { id: field.value, name: field.value } : null}
        onChange={(choice) => field.onChange(choice?.id ?? "")}
        onBlur={field.onBlur}
      />
      <Toggle onClick={() => switchTo(true)}>Someone who is not signed in yet</Toggle>
    </Box>
  );
}

function Toggle({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Anchor component="button" type="button" size="sm" mt={6} onClick={onClick}>
      {children}
    </Anchor>
  );
}

function useSignedIn(cloudProviderId: string | null, username: string) {
  const [first, setFirst] = useState<Choices | null>(null);
  const [began] = useState(username.trim().toLowerCase());
  useEffect(() => {
    if (cloudProviderId === null) return;
    let isCurrent = true;
    const ask = searchSignedInAction({ cloudProviderId, search: "" }).catch(() => null);
    void ask.then((found) => isCurrent && found?.ok && setFirst(found.data));
    return () => {
      isCurrent = false;
    };
  }, [cloudProviderId]);
  const isKnown = !first || began === "" || first.found.some(({ id }) => id === began);
  return { first, isKnown };
}
