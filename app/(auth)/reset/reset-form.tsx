"use client";

import { Button, Stack } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Form } from "@/components/form";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { NewPasswordField } from "@/components/text-fields";
import { useActionForm } from "@/components/use-action-form";
import { usePasswordLinkSchema } from "@/lib/access/passwords/schema";
import { enter } from "../enter";
import { CodeForm } from "../sign-in/code-form";
import type { Began } from "../sign-in/request-session";
import { choosePasswordAction } from "./actions";

type ResetFormProps = {
  token: string;
  email: string;
  replaces: boolean;
};

export function ResetForm({ token, email, replaces }: ResetFormProps) {
  const router = useRouter();
  const [needsCode, setNeedsCode] = useState(false);
  const goOn = (began: Began | null) => {
    if (began === "second_factor") return setNeedsCode(true);
    router.replace(began ? "/" : "/sign-in");
    router.refresh();
  };
  const { form, submit, problem, isSaving } = useActionForm({
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
    <Form onSubmit={submit}>
      <Stack>
        <FormProblem problem={problem} />
        {/* Password managers save a new password for the name they find. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <NewPasswordField label="New password" autoFocus form={form} name="password" />
        <Button type="submit" loading={isSaving}>
          {replaces ? `Change password and sign in as ${email}` : "Change password"}
        </Button>
      </Stack>
    </Form>
  );
}
