"use client";

import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import type { Route } from "next";
import { useRouter } from "next/navigation";
import { signIn } from "next-auth/react";
import { FormProblem } from "@/components/form-problem";
import { useActionForm } from "@/components/use-action-form";
import { credentialsSchema } from "@/lib/access/administrators/schema";
import type { ActionResult } from "@/lib/http/schema";
import { SessionEnded } from "./session-ended";

/** @param from where they came from, and go on afterwards */
export function SignInForm({ from }: { from: Route }) {
  const router = useRouter();
  const { form, submit, problem, isSaving } = useActionForm({
    schema: credentialsSchema,
    defaultValues: { email: "", password: "" },
    action: requestSession,
    onSuccess: () => {
      router.replace(from);
      router.refresh();
    },
  });
  const { errors } = form.formState;
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <SessionEnded from={from} />
        <FormProblem problem={problem} />
        <TextInput
          label="Email"
          type="email"
          autoComplete="username"
          autoFocus
          error={errors.email?.message}
          {...form.register("email")}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          aria-invalid={errors.password?.message !== undefined}
          error={errors.password?.message}
          {...form.register("password")}
        />
        <Button type="submit" loading={isSaving}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}

/** next-auth answers in its own shape; the message of our refusal is its `error`. */
async function requestSession(input: {
  email: string;
  password: string;
}): Promise<ActionResult<null>> {
  const result = await signIn("credentials", { ...input, redirect: false });
  if (result?.ok && !result.error) return { ok: true, data: null };
  const isOurs = result?.error?.includes(" ");
  const message = isOurs ? result?.error : undefined;
  return {
    ok: false,
    error: {
      code: "unauthenticated",
      message: message ?? "Could not sign in. The database may be down. Try again in a moment.",
    },
  };
}
