"use client";

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { setUpSchema } from "@/lib/access/administrators/schema";
import { setUpAction } from "./actions";

export function SetUpForm() {
  const router = useRouter();
  const { form, submit, problem, isSaving } = useActionForm({
    schema: setUpSchema,
    defaultValues: { token: "", name: "", email: "", password: "" },
    action: setUpAction,
    onSuccess: () => {
      notifySuccess("The administrator was created. Sign in now.");
      router.replace("/sign-in");
    },
  });
  const { errors } = form.formState;
  const { setValue } = form;
  // Behind the # the token reaches no server log and no other site.
  useEffect(() => setValue("token", window.location.hash.slice(1)), [setValue]);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormProblem problem={problem ?? missingToken(errors.token?.message)} />
        <TextInput
          label="Your name"
          autoComplete="name"
          autoFocus
          error={errors.name?.message}
          {...form.register("name")}
        />
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          error={errors.email?.message}
          {...form.register("email")}
        />
        <PasswordInput
          label="Password"
          description="At least 15 characters. A sentence is easy to remember."
          autoComplete="new-password"
          aria-invalid={errors.password?.message !== undefined}
          error={errors.password?.message}
          {...form.register("password")}
        />
        <Button type="submit" loading={isSaving}>
          Create administrator
        </Button>
      </Stack>
    </form>
  );
}

function missingToken(message: string | undefined) {
  return message ? { code: "invalid_request", message } : null;
}
