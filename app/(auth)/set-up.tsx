"use client";

import { Button, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { NewPasswordField, TextField } from "@/components/fields";
import { goToCompany } from "@/components/go-to-company";
import { notifySuccess } from "@/components/notify";
import { PlainForm, useActionForm } from "@/components/use-action-form";
import { setUpSchema } from "@/lib/people/administrators/schema";
import type { CompanyButton } from "@/lib/people/company/schema";
import { usePasswordLinkSchema } from "@/lib/people/links/schema";
import { ROLE_HINTS, type Role, roleInWords } from "@/lib/people/roles/schema";
import {
  choosePasswordAction,
  findInvitationAction,
  findPasswordLinkAction,
  setUpAction,
} from "./actions";
import { LinkGate, type PersonHere, ReplacedSession } from "./link-gate";
import { type Began, CodeForm, enter } from "./sign-in/code-form";

type SetUpProps = { companies: CompanyButton[]; here: PersonHere | null };

export function SetUp({ companies, here }: SetUpProps) {
  return (
    <LinkGate title="Create your account" find={findInvitationAction}>
      {(token, invited) => {
        const form = { token, invited, companies, here };
        return (
          <>
            {here && <ReplacedSession here={here} once="you have joined" />}
            <Text c="dimmed">You can use this page once, with the link that brought you here.</Text>
            {invited.isAtCompanyOnly ? <JoinAtCompany {...form} /> : <SetUpForm {...form} />}
          </>
        );
      }}
    </LinkGate>
  );
}

type Invited = {
  invitedByName: string | null;
  role: Role;
  email: string | null;
  name: string | null;
  isAtCompanyOnly: boolean;
};

type SetUpFormProps = {
  token: string;
  invited: Invited;
  companies: CompanyButton[];
  here: PersonHere | null;
};

function SetUpForm({ token, invited, companies, here }: SetUpFormProps) {
  const router = useRouter();
  const actionForm = useActionForm({
    schema: setUpSchema,
    defaultValues: { token, name: invited.name ?? "", email: invited.email ?? "", password: "" },
    action: async (input) => {
      const saved = await setUpAction(input);
      return saved.ok ? { ok: true, data: await enter(input.email, input.password) } : saved;
    },
    onSuccess: (began: Began | null) => {
      notifySuccess(began ? "Your account was created." : "Your account was created. Sign in now.");
      router.replace(began ? "/" : "/sign-in");
      router.refresh();
    },
  });
  return (
    <PlainForm
      actionForm={actionForm}
      submitLabel={`Create account${andSignOut(here)}`}
      below={
        <>
          {companies.length > 0 && (
            <Text c="dimmed" ta="center">
              or, without a password
            </Text>
          )}
          <JoinButtons companies={companies} token={token} here={here} variant="default" />
        </>
      }
    >
      <InvitedAs {...invited} />
      <TextField name="name" label="Your name" autoComplete="name" autoFocus />
      <TextField
        name="email"
        label="Email"
        type="email"
        autoComplete="username"
        readOnly={invited.email !== null}
      />
      <NewPasswordField label="Password" name="password" />
    </PlainForm>
  );
}

function JoinAtCompany({ token, invited, companies, here }: SetUpFormProps) {
  return (
    <Stack>
      <InvitedAs {...invited} />
      <Text>People sign in at your company here. You need no password in Postkey.</Text>
      <JoinButtons companies={companies} token={token} here={here} variant="filled" />
    </Stack>
  );
}

function InvitedAs({ invitedByName, role }: Invited) {
  if (!invitedByName) return null;
  const hint = ROLE_HINTS[role];
  return (
    <Text>
      {invitedByName} invited you as {roleInWords(role)}, who{" "}
      {hint.charAt(0).toLowerCase() + hint.slice(1)}
    </Text>
  );
}

type JoinButtonsProps = Pick<SetUpFormProps, "companies" | "token" | "here"> & {
  variant: "default" | "filled";
};

function JoinButtons({ companies, token, here, variant }: JoinButtonsProps) {
  return companies.map(({ slug, name }) => (
    <Button
      key={slug}
      variant={variant}
      onClick={() => void goToCompany(slug, { purpose: "invitation", token })}
    >
      Sign in with {name}
      {andSignOut(here)}
    </Button>
  ));
}

function andSignOut(here: PersonHere | null): string {
  return here ? ` and sign out ${here.name}` : "";
}

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
