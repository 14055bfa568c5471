"use client";

import {
  Button,
  Group,
  NativeSelect,
  Paper,
  PasswordInput,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { Route } from "next";
import { Controller, type UseFormReturn } from "react-hook-form";
import { FormProblem } from "@/components/form-problem";
import { LinkButton } from "@/components/links";
import type { ActionError } from "@/lib/http/schema";
import { CHANNEL_KINDS, CHANNEL_LABELS, type ChannelKind } from "@/lib/watch/alerts/schema";

/** The form of a channel, while it is being filled in. */
export type ChannelValues = {
  name: string;
  enabled: boolean;
  kind: ChannelKind;
  recipients: string;
  emailAccountId: string | null;
  smtp: { host: string; port: number; tls: "implicit" | "starttls" } | null;
  from: string;
  user: string;
  password: string;
  url: string;
};

type ChannelForm = UseFormReturn<ChannelValues>;
export type AccountOption = { id: string; name: string; emailAddress: string };

export const EMPTY_SMTP = { host: "", port: 587, tls: "starttls" } as const;

type AlertChannelFormProps = {
  actionForm: {
    form: ChannelForm;
    submit: (event: React.FormEvent) => void;
    problem: ActionError | null;
    isSaving: boolean;
  };
  accounts: AccountOption[];
  submitLabel: string;
  cancelHref: Route;
  /** The kind of a channel that exists stays what it is. */
  isNew: boolean;
  hasPassword: boolean;
  /** What may be shown of a webhook's address; empty when none is stored. */
  storedAddress: string;
};

export function AlertChannelForm(props: AlertChannelFormProps) {
  const { actionForm, accounts, submitLabel, cancelHref, isNew, hasPassword, storedAddress } =
    props;
  const { form, submit, problem, isSaving } = actionForm;
  const { errors } = form.formState;
  const kind = form.watch("kind");
  const changeKind = () =>
    form.setValue("smtp", form.getValues("kind") === "smtp" ? EMPTY_SMTP : null);
  return (
    <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormProblem problem={problem} />
          <TextInput
            label="Name"
            autoComplete="off"
            autoFocus
            withAsterisk
            error={errors.name?.message}
            {...form.register("name")}
          />
          {isNew && (
            <NativeSelect
              label="Sent as"
              data={CHANNEL_KINDS.map((value) => ({ value, label: CHANNEL_LABELS[value] }))}
              error={errors.kind?.message}
              {...form.register("kind", { onChange: changeKind })}
            />
          )}
          {kind === "webhook" ? (
            <UrlField form={form} storedAddress={storedAddress} />
          ) : (
            <Textarea
              label="Recipients"
              description="Separate addresses with commas or new lines."
              autosize
              minRows={1}
              maxRows={6}
              withAsterisk
              error={errors.recipients?.message}
              {...form.register("recipients")}
            />
          )}
          {kind === "email_account" && <AccountField form={form} accounts={accounts} />}
          {kind === "smtp" && <ServerFields form={form} hasPassword={hasPassword} />}
          <EnabledSwitch form={form} />
          <Group justify="flex-end" mt="xs">
            <LinkButton variant="default" href={cancelHref}>
              Cancel
            </LinkButton>
            <Button type="submit" loading={isSaving}>
              {submitLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function UrlField({ form, storedAddress }: { form: ChannelForm; storedAddress: string }) {
  return (
    <TextInput
      label="Address"
      description={
        storedAddress
          ? `${storedAddress} is stored. Leave this empty to keep it.`
          : "Receives a signed POST with JSON (Standard Webhooks). Redirects are not followed. Stored encrypted: only the host is shown again."
      }
      placeholder={storedAddress || "https://hooks.example.com/postkey"}
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      withAsterisk={!storedAddress}
      error={form.formState.errors.url?.message}
      {...form.register("url")}
    />
  );
}

function AccountField({ form, accounts }: { form: ChannelForm; accounts: AccountOption[] }) {
  return (
    <NativeSelect
      label="Email account that sends"
      description="If this account fails, so do its alerts. Add a channel using another provider."
      withAsterisk
      data={[
        { value: "", label: accounts.length === 0 ? "No email accounts yet" : "Choose …" },
        ...accounts.map(({ id, name, emailAddress }) => ({
          value: id,
          label: `${name} (${emailAddress})`,
        })),
      ]}
      error={form.formState.errors.emailAccountId?.message}
      {...form.register("emailAccountId", { setValueAs: (value) => value || null })}
    />
  );
}

function ServerFields({ form, hasPassword }: { form: ChannelForm; hasPassword: boolean }) {
  const { errors } = form.formState;
  return (
    <>
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <TextInput
          label="SMTP host"
          autoComplete="off"
          spellCheck={false}
          withAsterisk
          miw={180}
          error={errors.smtp?.host?.message ?? errors.smtp?.message}
          {...form.register("smtp.host")}
        />
        <TextInput
          label="Port"
          inputMode="numeric"
          maw={90}
          error={errors.smtp?.port?.message}
          {...form.register("smtp.port", { setValueAs: toPort })}
        />
        <NativeSelect
          label="Security"
          data={[
            { value: "implicit", label: "TLS" },
            { value: "starttls", label: "STARTTLS" },
          ]}
          maw={140}
          error={errors.smtp?.tls?.message}
          {...form.register("smtp.tls")}
        />
      </Group>
      <TextInput
        label="Sender"
        description="The From address."
        type="email"
        autoComplete="off"
        withAsterisk
        error={errors.from?.message}
        {...form.register("from")}
      />
      <Group align="flex-start" grow preventGrowOverflow={false}>
        <TextInput
          label="Username"
          description="Leave empty if the server needs none."
          autoComplete="off"
          miw={180}
          error={errors.user?.message}
          {...form.register("user")}
        />
        <PasswordInput
          label="Password"
          description={
            hasPassword
              ? "A password is stored. Leave this empty to keep it for the same server and user."
              : "Stored encrypted."
          }
          autoComplete="new-password"
          miw={180}
          error={errors.password?.message}
          {...form.register("password")}
        />
      </Group>
    </>
  );
}

function EnabledSwitch({ form }: { form: ChannelForm }) {
  return (
    <Controller
      control={form.control}
      name="enabled"
      render={({ field: { value, onChange, ...field } }) => (
        <Switch
          label="Switched on"
          description="Pending alerts are sent when you switch the channel back on."
          checked={value}
          onChange={(event) => onChange(event.currentTarget.checked)}
          {...field}
        />
      )}
    />
  );
}

/** Digits alone are a port; anything else stays as typed and is refused with a message. */
function toPort(value: unknown): unknown {
  return typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : value;
}
