import { Group, Stack, Text } from "@mantine/core";
import { headers } from "next/headers";
import { LinkButton } from "@/components/links";
import { Page } from "@/components/page";
import { neededAt } from "@/lib/http/auth/pages/schema";
import { findRole } from "@/lib/http/auth/session";
import { PAGE_HEADER } from "@/lib/http/auth/way-back";
import { whoMay } from "@/lib/people/roles/permissions";
import { roleInWords } from "@/lib/people/roles/schema";

export default async function Forbidden() {
  const needed = neededAt((await headers()).get(PAGE_HEADER) ?? "");
  // Next.js renders this beside every page, so it asks for no more than those do.
  const role = await findRole();
  return (
    <Page title="Your role can't open this page">
      <Stack maw="60ch" align="flex-start">
        <Text size="sm">
          {role && `You are ${roleInWords(role)}. `}
          Only {needed ? whoMay(needed) : "an administrator"} can open this page. If you need it,
          ask an administrator for another role.
        </Text>
        <Group gap="xs">
          <LinkButton href="/">Overview</LinkButton>
          <LinkButton href="/profile" variant="default">
            Your profile
          </LinkButton>
        </Group>
      </Stack>
    </Page>
  );
}
