"use client";

import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { FormProblem } from "@/components/form-problem";
import { goToCompany } from "@/components/go-to-company";
import { NewPasswordField } from "@/components/new-password-field";
import { notifySuccess } from "@/components/notify";
import { attempt } from "@/components/use-action";
import { useActionForm } from "@/components/use-action-form";
import { type SetUp, setUpSchema } from "@/lib/access/administrators/schema";
import type { CompanyButton } from "@/lib/access/company/schema";
import { ROLE_HINTS, type Role, roleInWords } from "@/lib/access/roles/schema";
import { linkProblem, useLinkToken } from "../link-token";
import { findInvitationAction, setUpAction } from "./actions";

/** @param companies at which an invited person can sign in instead of choosing a password */
export function SetUpForm({ companies }: { companies: CompanyButton[] }) {
  const router = useRouter();
  const { form, submit, problem, isSaving } = useActionForm({
    schema: setUpSchema,
    defaultValues: { token: "", name: "", email: "", password: "" },
    action: setUpAction,
    onSuccess: () => {
      notifySuccess("Your account was created. Sign in now.");
      router.replace("/sign-in");
    },
  });
  const { errors } = form.formState;
  useLinkToken(form.setValue);
  const invited = useInvitation(form);
  const join = (slug: string) =>
    goToCompany(slug, { purpose: "invitation", token: form.getValues("token") });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <FormProblem problem={problem ?? linkProblem(errors.token?.message)} />
        {invited?.invitedByName && (
          <Text size="sm">
            {invited.invitedByName} invited you as {roleInWords(invited.role)}, who{" "}
            {startsSmall(ROLE_HINTS[invited.role])}
          </Text>
        )}
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
          readOnly={Boolean(invited?.email)}
          error={errors.email?.message}
          {...form.register("email")}
        />
        <NewPasswordField
          label="Password"
          error={errors.password?.message}
          field={form.register("password")}
        />
        <Button type="submit" loading={isSaving}>
          Create account
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

type Invited = { invitedByName: string | null; role: Role; email: string | null };

/** Who invited the person, and as what; what the invitation knows of them is filled in. */
function useInvitation({ setValue }: UseFormReturn<SetUp>): Invited | null {
  const [invited, setInvited] = useState<Invited | null>(null);
  useEffect(() => {
    const token = window.location.hash.slice(1);
    const ask = async () => {
      // A link that no longer works is told of when the form is sent.
      const found = await attempt(() => findInvitationAction({ token }));
      if (!found.ok) return;
      if (found.data.name) setValue("name", found.data.name);
      if (found.data.email) setValue("email", found.data.email);
      setInvited(found.data);
    };
    if (token) void ask();
  }, [setValue]);
  return invited;
}

function startsSmall(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
