"use client";

import { Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { NewPasswordField } from "@/components/fields";
import { notifySuccess } from "@/components/notify";
import { PlainForm, useActionForm } from "@/components/use-action-form";
import { usePasswordLinkSchema } from "@/lib/people/links/schema";
import { choosePasswordAction, findPasswordLinkAction } from "../actions";
import { LinkGate, type PersonHere, ReplacedSession } from "../link-gate";
import { type Began, CodeForm, enter } from "../sign-in/code-form";

export function ResetPassword({ here }: { here: PersonHere | null }) {
  return (
    <LinkGate title="Choose a new password" find={findPasswordLinkAction}>
      {(token, { email }) => {
        const replaces = here !== null && here.email !== email;
        return (
          <>
            {replaces && <ReplacedSession here={here} once={`you are signed in as ${email}`} />}
            <Text c="dimmed">
              For {email}. The link that brought you here works once. You are signed out everywhere
              else.
            </Text>
            <ResetForm token={token} email={email} replaces={replaces} />
          </>
        );
      }}
    </LinkGate>
  );
}

type ResetFormProps = { token: string; email: string; replaces: boolean };

function ResetForm({ token, email, replaces }: ResetFormProps) {
  const router = useRouter();
  const [needsCode, setNeedsCode] = useState(false);
  const goOn = (began: Began | null) => {
    if (began === "second_factor") return setNeedsCode(true);
    router.replace(began ? "/" : "/sign-in");
    router.refresh();
  };
  const actionForm = useActionForm({
    schema: usePasswordLinkSchema,
    defaultValues: { token, password: "" },
    action: async (input) => {
      const saved = await choosePasswordAction(input);
      return saved.ok ? { ok: true, data: await enter(email, input.password) } : saved;
    },
    onSuccess: (began: Began | null) => {
      const next = began ? "" : ` Sign in as ${email}.`;
      notifySuccess(`Your password was changed.${next}`);
      goOn(began);
    },
  });
  if (needsCode) return <CodeForm onBegan={goOn} onBack={() => router.replace("/sign-in")} />;
  return (
    <PlainForm
      actionForm={actionForm}
      submitLabel={replaces ? `Change password and sign in as ${email}` : "Change password"}
    >
      {/* Password managers save a new password for the name they find. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <NewPasswordField label="New password" autoFocus name="password" />
    </PlainForm>
  );
}
