import { Alert, Stack, Text } from "@mantine/core";
import { IconLogin2 } from "@tabler/icons-react";
import { AddressText } from "@/components/address-text";
import { LinkButton } from "@/components/links";
import { EmptyState } from "@/components/list-page";
import { Page, Section } from "@/components/page";
import { routes } from "@/components/routes";
import { RowLink, Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { type ClientAddresses, clientAddresses } from "@/lib/http/auth/client-address";
import { requireUserOf } from "@/lib/http/auth/session";
import { PRESET_FACTS } from "@/lib/oauth/openid/schema";
import { findCompanyPolicy, listCompanySignIns } from "@/lib/people/company/queries";
import { CompanyOnlySwitch, CompanyState } from "./company-buttons";

export default async function SignInSettingsPage() {
  const actor = await requireUserOf("/settings/sign-in");
  const [rows, policy] = await Promise.all([listCompanySignIns(actor), findCompanyPolicy(actor)]);
  return (
    <Page
      title="Company sign-in"
      description="How people sign in to Postkey: with a password, or at your company."
      actions={rows.length > 0 && <AddLink />}
    >
      <Stack gap="xl">
        {rows.length === 0 ? (
          <EmptyState icon={IconLogin2} title="No company sign-in yet" action={<AddLink />}>
            Connect Microsoft Entra, Google Workspace, Okta, Keycloak or any OpenID provider. People
            then sign in as they do everywhere else at your company, and their groups decide what
            they may do.
          </EmptyState>
        ) : (
          <>
            <Table columns={["Name", "Provider", "People", "Status"]}>
              {rows.map((row) => (
                <tr key={row.id}>
                  <td>
                    <RowLink href={routes.companySignIn(row.id)} look="name">
                      {row.name}
                    </RowLink>
                    <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                      <AddressText address={row.issuer} />
                    </Text>
                  </td>
                  <td data-label="Provider">{PRESET_FACTS[row.preset].label}</td>
                  <td data-label="People" className={classes.fit}>
                    {row.people}
                  </td>
                  <td data-label="Status" className={classes.fit}>
                    <CompanyState {...row} />
                  </td>
                </tr>
              ))}
            </Table>
            <Section title="Passwords">
              <CompanyOnlySwitch {...policy} hasActive={rows.some(({ enabled }) => enabled)} />
            </Section>
          </>
        )}
        <UnknownAddresses />
      </Stack>
    </Page>
  );
}

function AddLink() {
  return <LinkButton href="/settings/sign-in/new">Add a company sign-in</LinkButton>;
}

function UnknownAddresses() {
  const addresses = clientAddresses();
  if (addresses === "known") return null;
  return (
    <Alert
      color={addresses === "unnamed_proxy" ? "yellow" : "gray"}
      title="Postkey doesn't know where people connect from"
    >
      <Text>
        Everyone who is new to Postkey shares one limit for failed sign-ins: while someone guesses
        passwords, people in a new browser wait up to 15 seconds before each try. The audit trail
        and the sessions have no addresses. {WHAT_TO_DO[addresses]}
      </Text>
    </Alert>
  );
}

const WHAT_TO_DO: Readonly<Record<Exclude<ClientAddresses, "known">, string>> = {
  unnamed_proxy:
    "Requests come through a proxy: they have X-Forwarded-For. Set POSTKEY_TRUST_PROXY to the proxy's address and restart Postkey.",
  unknown:
    "With a proxy in front of Postkey, set POSTKEY_TRUST_PROXY to its address and restart Postkey.",
};
