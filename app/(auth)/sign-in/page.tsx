import { Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { pageAt } from "@/components/routes";
import { isSetUpOpen } from "@/lib/access/administrators/set-up";
import { passkeyHost } from "@/lib/access/passkeys/host";
import { findUser } from "@/lib/http/auth/session";
import { wayBack } from "@/lib/http/auth/way-back";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const from = pageAt(wayBack((await searchParams).from));
  if (await findUser()) redirect(from);
  const hasNobody = await isSetUpOpen();
  return (
    <>
      <Title order={1} size="h3" mb="md">
        Sign in
      </Title>
      {hasNobody ? (
        <Text>
          No administrator exists yet. To create the first one, open the one-time link that Postkey
          printed when it started.
        </Text>
      ) : (
        <SignInForm from={from} hasPasskeys={passkeyHost().rpId !== null} />
      )}
    </>
  );
}
