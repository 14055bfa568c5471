import { Button, Stack, Text, Title } from "@mantine/core";
import { CompanyRefusal } from "@/components/company-refusal";
import { LinkButton } from "@/components/links";
import { TabTitle } from "@/components/tab-title";
import { readRefusal } from "@/lib/http/auth/company-refusal";
import { requireAnyUser } from "@/lib/http/auth/session";
import { findProofMethods } from "@/lib/people/factors/queries";
import { signInAgainAction } from "../actions";
import { Confirmed, LeaveForCompany } from "./confirmed";

/** Trying again would end the same way. */
const CANNOT_CONFIRM = "company.auth_time_missing";

/** A tab of its own, so that the page that asked stays as it is. */
export default async function ConfirmPage({ searchParams }: PageProps<"/confirm">) {
  const actor = await requireAnyUser();
  const query = await searchParams;
  const { companies } = await findProofMethods(actor);
  const company = companies.find(({ slug }) => slug === query.company);
  const { remedy, signedInAs } = await readRefusal(query);
  if (query.done !== undefined && actor.isProvenLately)
    return (
      <>
        <TabTitle>Confirmed</TabTitle>
        <Confirmed />
      </>
    );
  return (
    <Stack>
      <TabTitle>Confirm it's you</TabTitle>
      <Title order={1} size="h3">
        Confirm it's you
      </Title>
      <CompanyRefusal remedy={remedy} signedInAs={signedInAs} />
      {!company && <Text>You have no account at this company in Postkey.</Text>}
      {company && !remedy && <LeaveForCompany {...company} />}
      {remedy?.id === CANNOT_CONFIRM && (
        <form action={signInAgainAction}>
          <Stack>
            <Text>
              Sign in again in this tab. The other tab then continues, and nothing you typed there
              is lost.
            </Text>
            <Button type="submit">Sign out and sign in again</Button>
          </Stack>
        </form>
      )}
      {company && remedy && remedy.id !== CANNOT_CONFIRM && (
        <LinkButton href={`/confirm?company=${company.slug}`}>Try again</LinkButton>
      )}
    </Stack>
  );
}
