"use client";

import { Alert, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormPage } from "@/components/form-page";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import { wallTime } from "@/lib/kernel/clock";
import { emailKey } from "@/lib/kernel/text/normalize";
import { type MovableAccount, type MoveResult, moveAccountSchema } from "@/lib/migration/schema";
import { isByItself } from "@/lib/registrations/registration/schema";
import { TestReport } from "../../accounts/test-report";
import { moveAccountAction } from "../actions";
import { SignInState } from "./sign-in-state";

type MoveAccountFormProps = {
  account: MovableAccount;
  chosen: { cloudProviderId: string | undefined; username: string | undefined };
};

export function MoveAccountForm({ account, chosen }: MoveAccountFormProps) {
  const { id, name, emailAddress, providers } = account;
  const router = useRouter();
  const [failed, setFailed] = useState<MoveResult | null>(null);
  const actionForm = useActionForm({
    schema: moveAccountSchema,
    defaultValues: {
      emailAccountId: id,
      cloudProviderId: chosen.cloudProviderId ?? providers[0]?.id ?? "",
      username: chosen.username ?? emailAddress,
    },
    action: moveAccountAction,
    onSuccess: (result) => {
      if (result.verdict === "failed") return setFailed(result);
      notifySuccess(
        `${name} now signs in without a password. You can move it back under Migration.`,
      );
      router.push(routes.emailAccount(id));
    },
  });
  const { form, isSaving } = actionForm;
  const { errors } = form.formState;
  const [cloudProviderId, username] = form.watch(["cloudProviderId", "username"]);
  const provider = providers.find((each) => each.id === cloudProviderId);
  const isIn =
    provider !== undefined &&
    (isByItself(provider.grant) || provider.signedIn.includes(emailKey(username)));
  if (providers.length === 0) return <NoProvider />;
  return (
    <>
      <FormPage
        actionForm={actionForm}
        submitLabel="Test and move"
        submitIcon={<IconArrowRight size={16} />}
        isDisabled={!isIn}
        cancelHref="/email/migration"
        note={isSaving && <Testing />}
      >
        <NativeSelect
          label="Cloud Provider"
          data={providers.map((each) => ({ value: each.id, label: each.name }))}
          error={errors.cloudProviderId?.message}
          {...form.register("cloudProviderId")}
        />
        <TextInput
          label="Username"
          description="The account that signs in: the mailbox itself, or someone with access to the shared mailbox."
          autoComplete="off"
          withAsterisk
          error={errors.username?.message}
          {...form.register("username")}
        />
        {provider && (
          <SignInState emailAccountId={id} provider={provider} username={username} isIn={isIn} />
        )}
      </FormPage>
      {failed && !isSaving && <Failed name={name} emailAddress={emailAddress} result={failed} />}
    </>
  );
}

function Testing() {
  return (
    <Text size="sm" c="dimmed" role="status" ta="right">
      Testing IMAP, SMTP and POP3 with the new sign-in. This can take 30 seconds.
    </Text>
  );
}

function NoProvider() {
  return (
    <Alert color="indigo">
      There is no provider for this service yet.{" "}
      <InlineLink href="/settings/cloud-providers/new">Add one first</InlineLink>; the setup guide
      shows each step.
    </Alert>
  );
}

type FailedProps = { name: string; emailAddress: string; result: MoveResult };

function Failed({ name, emailAddress, result: { protocols } }: FailedProps) {
  const report = { name, emailAddress, startedAt: wallTime(), protocols };
  return (
    <Stack>
      <Alert color="yellow" role="status" title="Nothing was changed">
        {name} still signs in with its password. The new sign-in does not fully work yet:
      </Alert>
      <TestReport report={{ ...report, token: [], comparison: null }} took="" />
    </Stack>
  );
}
