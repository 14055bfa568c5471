"use client";

import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { type ComponentProps, useState } from "react";
import { searchMoveTargetsAction } from "@/app/(console)/choices/actions";
import { ChoiceField } from "@/components/choice-input";
import { TextField } from "@/components/fields";
import { FormPage } from "@/components/form-page";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useActionForm } from "@/components/use-action-form";
import type { EmailAccountDetail } from "@/lib/email-accounts/rows/schema";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { wallTime } from "@/lib/kernel/clock";
import { type MoveAccount, type MoveResult, moveAccountSchema } from "@/lib/migration/schema";
import { isByItself } from "@/lib/oauth/schema";
import { AuthenticateButton } from "../../../settings/cloud-providers/sign-in-buttons";
import { type SignInSearch, useSignIn } from "../../accounts/sign-in-notice";
import { TestReport } from "../../accounts/test-report";
import { moveAccountAction } from "../actions";

type MoveAccountFormProps = {
  account: Pick<EmailAccountDetail, "id" | "name" | "emailAddress" | "service">;
  providers: Choices;
  chosen: Choice | null;
  username: string;
};

export function MoveAccountForm({ account, providers, chosen, username }: MoveAccountFormProps) {
  const { id, name, emailAddress, service } = account;
  const router = useRouter();
  const [failed, setFailed] = useState<MoveResult | null>(null);
  const actionForm = useActionForm({
    schema: moveAccountSchema,
    defaultValues: { emailAccountId: id, cloudProviderId: chosen?.id ?? "", username },
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
  const [cloudProviderId, login] = form.watch(["cloudProviderId", "username"]);
  const found = useSignIn({ cloudProviderId, username: login });
  if (providers.found.length === 0) return <NoProvider />;
  return (
    <>
      <FormPage
        actionForm={actionForm}
        submitLabel="Test and move"
        submitIcon={<IconArrowRight size={16} />}
        isDisabled={!isSignedIn(found)}
        cancelHref="/email/migration"
        note={
          isSaving && (
            <Text c="dimmed" role="status" ta="right">
              Testing IMAP, SMTP and POP3 with the new sign-in. This can take 30 seconds.
            </Text>
          )
        }
      >
        <ChoiceField<MoveAccount>
          name="cloudProviderId"
          label="Cloud Provider"
          first={providers}
          find={(search) => searchMoveTargetsAction({ service, search })}
          chosen={chosen}
        />
        <TextField<MoveAccount>
          name="username"
          label="Username"
          description="The account that signs in: the mailbox itself, or someone with access to the shared mailbox."
          withAsterisk
        />
        <SignInState
          found={found}
          subject={{ subject: "move", emailAccountId: id, cloudProviderId, username: login }}
        />
      </FormPage>
      {failed && !isSaving && <Failed name={name} emailAddress={emailAddress} result={failed} />}
    </>
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
      <TestReport report={{ ...report, token: [], isTokenFresh: null, comparison: null }} took="" />
    </Stack>
  );
}

function isSignedIn({ provider, isCurrent }: SignInSearch): boolean {
  if (provider && isByItself(provider.grant)) return true;
  return isCurrent && provider?.signedIn != null;
}

function SignInState({
  found,
  subject,
}: Pick<ComponentProps<typeof AuthenticateButton>, "subject"> & { found: SignInSearch }) {
  const { provider, username, isCurrent } = found;
  if (!provider) return null;
  const { providerName: name, grant } = provider;
  if (isByItself(grant))
    return (
      <Alert color="gray">
        No one has to sign in: at {name}, the application opens the mailbox by itself.
      </Alert>
    );
  if (!isCurrent) return null;
  if (provider.signedIn)
    return (
      <Alert color="teal">
        {username} is signed in at {name}.
      </Alert>
    );
  return (
    <Alert color="yellow">
      <Group justify="space-between">
        <Text>
          No one is signed in as {username || "this user"} at {name} yet.
        </Text>
        <AuthenticateButton
          label="Sign in"
          size="xs"
          disabled={username === ""}
          subject={subject}
        />
      </Group>
    </Alert>
  );
}
