import { Stack, Text, Title } from "@mantine/core";
import type { Route } from "next";
import { redirect } from "next/navigation";
import { CompanyRefusal } from "@/components/company-refusal";
import { InlineLink } from "@/components/links";
import { pageAt } from "@/components/routes";
import { TabTitle } from "@/components/tab-title";
import { readRefusal } from "@/lib/http/auth/company-refusal";
import { findUser } from "@/lib/http/auth/session";
import { passwordSignInAddress, wayBack } from "@/lib/http/auth/way-back";
import { isSetUpOpen } from "@/lib/people/administrators/set-up";
import { findWaysIn } from "@/lib/people/company/queries";
import { passkeyHost } from "@/lib/people/passkeys/queries";
import { CompanyButtons, SessionEnded, SignInForm } from "./sign-in-form";

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const query = await searchParams;
  const from = pageAt(wayBack(query.from));
  if (await findUser()) redirect(from);
  const hasNobody = await isSetUpOpen();
  return (
    <>
      <TabTitle>Sign in</TabTitle>
      <Title order={1} size="h3" mb="md">
        Sign in
      </Title>
      {hasNobody ? (
        <Text size="md">
          No administrator exists yet. To create the first one, open the one-time link that Postkey
          printed when it started.
        </Text>
      ) : (
        <Stack>
          <SessionEnded from={from} />
          <CompanyRefusal {...(await readRefusal(query))} />
          <WaysIn from={from} isLocal={query.local !== undefined} />
        </Stack>
      )}
    </>
  );
}

async function WaysIn({ from, isLocal }: { from: Route; isLocal: boolean }) {
  const { buttons, only } = await findWaysIn();
  const hasPasskeys = passkeyHost().rpId !== null;
  const form = { from, hasPasskeys, isForEmergencies: only };
  if (buttons.length === 0) return <SignInForm {...form} />;
  const companies = (
    <CompanyButtons key="companies" buttons={buttons} from={from} isPrimary={only && !isLocal} />
  );
  // Below the form they would be out of sight on a phone.
  if (!only) return <SignInForm {...form} before={[companies, OR]} />;
  if (isLocal)
    return (
      <SignInForm
        {...form}
        before={
          <Text>
            Company sign-in is required. Only administrators can sign in here
            {hasPasskeys ? ", with their password or passkey" : ", with their password"}, and each
            use is reported.
          </Text>
        }
        after={[OR, companies]}
      />
    );
  return (
    <>
      {companies}
      <Text size="xs" c="dimmed">
        In an emergency, administrators can{" "}
        <InlineLink href={passwordSignInAddress(from)}>sign in with a password</InlineLink>.
      </Text>
    </>
  );
}

const OR = (
  <Text key="or" c="dimmed" ta="center">
    or
  </Text>
);
