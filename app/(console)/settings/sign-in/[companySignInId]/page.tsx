import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { byId } from "@/app/(console)/by-id";
import { copied, FactList } from "@/components/fact-list";
import { Page, Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { requireUserOf } from "@/lib/http/auth/session";
import { PRESET_FACTS } from "@/lib/oauth/openid/schema";
import { type CompanySignInDetail, findCompanySignIn } from "@/lib/people/company/queries";
import type { TestReport as Report } from "@/lib/people/company/schema";
import { HIGHEST_FIRST, ROLE_LABELS } from "@/lib/people/roles/schema";
import { fillRemedy, findRemedy } from "@/lib/remedies/catalogue";
import { CompanyButtons, CompanyState } from "../company-buttons";

type Props = PageProps<"/settings/sign-in/[companySignInId]">;

export default async function CompanySignInPage({ params }: Props) {
  const actor = await requireUserOf("/settings/sign-in/[companySignInId]");
  const company = await byId((await params).companySignInId, (id) => findCompanySignIn(actor, id));
  return (
    <Page
      title={company.name}
      parent={{ href: "/settings/sign-in", label: "Company sign-in" }}
      description={
        <Group gap="xs">
          <CompanyState {...company} />
          {PRESET_FACTS[company.preset].label}
        </Group>
      }
      actions={<CompanyButtons company={company} />}
    >
      <Stack gap="xl">
        <Section title="Last test">
          <TestReport report={company.report} />
          {!company.enabled && company.testedAt && company.report?.remedyId === null && (
            <Text mt="sm">
              The test passed. Next: press Switch on, so that people can sign in with it.
            </Text>
          )}
        </Section>
        <Section title="Register at the provider">
          <FactList
            facts={[
              copied("Redirect URI", company.redirectUri),
              copied("Back-channel logout URI", company.backChannelUri),
              company.endsAtCompany && copied("Sign-out redirect URI", company.signedOutUri),
            ]}
          />
        </Section>
        <Section title="Settings">
          <FactList facts={settingsOf(company)} />
        </Section>
      </Stack>
    </Page>
  );
}

function settingsOf(company: CompanySignInDetail) {
  const { issuer, clientId, pinned, roleClaim, roleValues, defaultRole, sessionHours } = company;
  const roles = HIGHEST_FIRST.filter((role) => roleValues[role].length > 0).map((role) => ({
    label: `${roleClaim} → ${ROLE_LABELS[role]}`,
    value: roleValues[role].join(", "),
  }));
  return [
    copied("Issuer", issuer),
    copied("Client ID", clientId),
    pinned.length > 0 && { label: "Only people of", value: pinned.join(", ") },
    ...roles,
    { label: "Everyone else", value: defaultRole ? ROLE_LABELS[defaultRole] : "Refused" },
    {
      label: "New people",
      value: company.createsPeople
        ? "Created at their first sign-in"
        : "By invitation, or in their profile",
    },
    { label: "Sessions last", value: sessionHours === 1 ? "1 hour" : `${sessionHours} hours` },
    company.requiredAmr !== null && { label: "Required amr value", value: company.requiredAmr },
    {
      label: "People who are removed",
      value: company.rechecks
        ? "Signed out within minutes: Postkey asks the company every 5 minutes"
        : "Signed out when their session ends",
    },
    {
      label: "Signing out",
      value: company.endsAtCompany ? "Of Postkey and at the company" : "Of Postkey only",
    },
  ];
}

function TestReport({ report }: { report: Report | null }) {
  if (!report)
    return (
      <Text>
        Not tested yet. The test signs you in at the company once and shows what came back. It
        grants nothing.
      </Text>
    );
  const { at, byName, remedyId, detail, claims, outcome } = report;
  return (
    <Stack>
      <Text c="dimmed">
        By {byName}, <RelativeTime at={at} />
      </Text>
      {remedyId ? (
        <RemedyPanel
          remedy={fillRemedy(findRemedy(remedyId), { companyAt: "its_page" })}
          detail={detail || null}
          at={at}
        />
      ) : (
        <Alert color="teal" icon={<IconCircleCheck size={18} />} title="The sign-in works.">
          {outcome}
        </Alert>
      )}
      {claims.length > 0 && (
        <details>
          <summary>Claims received ({claims.length})</summary>
          <FactList facts={claims.map(({ name, value }) => ({ label: name, value }))} />
        </details>
      )}
    </Stack>
  );
}
