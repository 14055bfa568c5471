import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { LinkButton } from "@/components/links";
import { Section } from "@/components/page";
import { pageAt } from "@/components/routes";
import { ShownOnce } from "@/components/shown-once";
import { TabTitle } from "@/components/tab-title";
import { readBrowserName, requireAnyUser } from "@/lib/http/auth/session";
import { wayBack } from "@/lib/http/auth/way-back";
import { findOneself } from "@/lib/people/administrators/queries";
import { findFactors } from "@/lib/people/factors/queries";
import { listOwnPasskeys, passkeyHost } from "@/lib/people/passkeys/queries";
import { signOutAction } from "../../(console)/actions";
import { AuthenticatorSection } from "../../(console)/profile/authenticator-section";
import { PasskeySection } from "../../(console)/profile/passkey-section";
import { ProofDialog, ProveButton } from "../../(console)/proof-dialog";

export default async function SecondFactorPage({ searchParams }: PageProps<"/second-factor">) {
  const from = pageAt(wayBack((await searchParams).from));
  const actor = await requireAnyUser();
  const [oneself, factors, passkeys, browser] = await Promise.all([
    findOneself(actor),
    findFactors(actor),
    listOwnPasskeys(actor),
    readBrowserName(),
  ]);
  const usable = passkeys.filter(({ isOfThisHost }) => isOfThisHost);
  const hasFactor = factors.authenticatorSince !== null || usable.length > 0;
  const isDone = actor.restrictedBecause === undefined;
  return (
    <Stack>
      <TabTitle>Second factor</TabTitle>
      <ProofDialog />
      <ShownOnce person={actor.id} />
      <Title order={1} size="h3">
        {hasFactor ? "Your second factor" : "Set up a second factor"}
      </Title>
      <Text>{introduction(isDone, hasFactor)}</Text>
      {isDone && <LinkButton href={from}>Continue</LinkButton>}
      {!isDone && hasFactor && <ProveButton />}
      {(isDone || !hasFactor) && (
        <>
          <Section title="Authenticator app">
            <AuthenticatorSection
              email={oneself?.email ?? ""}
              hasPassword={oneself?.hasPassword ?? true}
              factors={factors}
            />
          </Section>
          <Section title="Passkeys">
            <PasskeySection
              passkeys={passkeys}
              hasPassword={oneself?.hasPassword ?? true}
              problem={passkeyHost().problem}
              browser={browser}
            />
          </Section>
        </>
      )}
      <form action={signOutAction}>
        <Group justify="flex-end">
          <Button type="submit" variant="subtle">
            Sign out
          </Button>
        </Group>
      </form>
    </Stack>
  );
}

function introduction(isDone: boolean, hasFactor: boolean): string {
  if (isDone) return "You have a second factor and can continue.";
  return hasFactor
    ? "Your role needs a second factor. Use yours to continue."
    : "Your role needs a second factor. Set one up to continue: either one is enough.";
}
