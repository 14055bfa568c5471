"use client";

import { Button, Stack, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { FormProblem } from "@/components/form-problem";
import { NewPasswordField } from "@/components/new-password-field";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { setUpSchema } from "@/lib/access/administrators/schema";
import { linkProblem, useLinkToken } from "../link-token";
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
  useLinkToken(form.setValue);
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormProblem problem={problem ?? linkProblem(errors.token?.message)} />
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
        <NewPasswordField
          label="Password"
          error={errors.password?.message}
          field={form.register("password")}
        />
        <Button type="submit" loading={isSaving}>
          Create administrator
        </Button>
      </Stack>
    </form>
  );
}
