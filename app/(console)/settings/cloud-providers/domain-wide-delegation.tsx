import { Paper, Stack, Text } from "@mantine/core";
import { CopyField } from "@/components/copy-field";
import { ExternalLink } from "@/components/links";

/** Google, "Control API access with domain-wide delegation". */
export function DomainWideDelegation({ clientId }: { clientId: string }) {
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        <Text>
          An administrator of the domain must authorise the service account once. In the{" "}
          <ExternalLink href={DELEGATION_PAGE}>Google Admin console</ExternalLink> open Security →
          Access and data control → API controls → Manage domain-wide delegation → Add new, and
          enter:
        </Text>
        <CopyField label="Client ID" value={clientId} />
        <CopyField label="OAuth scopes" value={MAIL_SCOPE} />
        <Text size="xs" c="dimmed">
          This can take up to 24 hours to work at Google; usually it takes minutes. The key then
          opens every mailbox of the domain, so don't keep it anywhere else.
        </Text>
      </Stack>
    </Paper>
  );
}

/** Domains have to write it exactly like this (Google, "XOAUTH2"). */
export const MAIL_SCOPE = "https://mail.google.com/";

export const DELEGATION_PAGE = "https://admin.google.com/ac/owl/domainwidedelegation";
export const MAIL_ACCESS_PAGE = "https://admin.google.com/ac/apps/gmail/enduseraccess";
