"use client";

import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { FormProblem } from "@/components/form-problem";
import { goToCompany } from "@/components/go-to-company";
import { NewPasswordField } from "@/components/new-password-field";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { setUpSchema } from "@/lib/access/administrators/schema";
import type { CompanyButton } from "@/lib/access/company/schema";
import { linkProblem, useLinkToken } from "../link-token";
import { setUpAction } from "./actions";

/** @param companies at which an invited person can sign in instead of choosing a password */
export function SetUpForm({ companies }: { companies: CompanyButton[] }) {
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
  const join = (slug: string) =>
    goToCompany(slug, { purpose: "invitation", token: form.getValues("token") });
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
        {companies.length > 0 && (
          <Text size="sm" c="dimmed" ta="center">
            or, without a password
          </Text>
        )}
        {companies.map(({ slug, name }) => (
          <Button key={slug} variant="default" onClick={() => join(slug)}>
            Sign in with {name}
          </Button>
        ))}
      </Stack>
    </form>
  );
}
