"use client";

import { Alert, Stack, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { searchMoveTargetsAction } from "@/app/(console)/choices/actions";
import { ChoiceField } from "@/components/choice-field";
import { FormPage } from "@/components/form-page";
import { InlineLink } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { TextField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import type { Choices } from "@/lib/kernel/choices/schema";
import { wallTime } from "@/lib/kernel/clock";
import {
  type MovableAccount,
  type MoveAccount,
  type MoveResult,
  type MoveTarget,
  moveAccountSchema,
} from "@/lib/migration/schema";
import { isByItself } from "@/lib/registrations/registration/schema";
import { TestReport } from "../../accounts/test-report";
import { findMoveTargetAction, moveAccountAction } from "../actions";
import { SignInState } from "./sign-in-state";

type MoveAccountFormProps = {
  account: MovableAccount;
  providers: Choices;
  target: MoveTarget | null;
  username: string;
};

export function MoveAccountForm({ account, providers, target, username }: MoveAccountFormProps) {
  const { id, name, emailAddress } = account;
  const router = useRouter();
  const [failed, setFailed] = useState<MoveResult | null>(null);
  const actionForm = useActionForm({
    schema: moveAccountSchema,
    defaultValues: { emailAccountId: id, cloudProviderId: target?.id ?? "", username },
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
  const current = useMoveTarget(form.watch(), target);
  const isIn = current !== null && (isByItself(current.grant) || current.isSignedIn);
  if (providers.found.length === 0) return <NoProvider />;
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
        <ChoiceField<MoveAccount>
          name="cloudProviderId"
          label="Cloud Provider"
          first={providers}
          find={(search) => searchMoveTargetsAction({ emailAccountId: id, search })}
          chosen={target}
        />
        <TextField<MoveAccount>
          name="username"
          label="Username"
          description="The account that signs in: the mailbox itself, or someone with access to the shared mailbox."
          withAsterisk
        />
        {current && (
          <SignInState
            emailAccountId={id}
            provider={current}
            username={form.watch("username")}
            isIn={isIn}
          />
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
      <TestReport report={{ ...report, token: [], isTokenFresh: null, comparison: null }} took="" />
    </Stack>
  );
}

const PAUSE_MS = 300;

type Answer = { asked: string; target: MoveTarget | null };

/** @returns null until the server answered */
function useMoveTarget(input: MoveAccount, initial: MoveTarget | null): MoveTarget | null {
  const { emailAccountId, cloudProviderId, username } = input;
  const asked = JSON.stringify({ emailAccountId, cloudProviderId, username: username.trim() });
  const [answer, setAnswer] = useState<Answer>({ asked, target: initial });

  useEffect(() => {
    if (answer.asked === asked) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const question = { emailAccountId, cloudProviderId, username };
      const result = await findMoveTargetAction(question).catch(() => null);
      if (isCurrent) setAnswer({ asked, target: result?.ok ? result.data : null });
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [answer.asked, asked, emailAccountId, cloudProviderId, username]);

  return answer.asked === asked ? answer.target : null;
}
