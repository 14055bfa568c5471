import {
  Button,
  ButtonGroup,
  Group,
  List,
  ListItem,
  NativeSelect,
  Paper,
  Stack,
  Tabs,
  TabsList,
  TabsPanel,
  TabsTab,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import Form from "next/form";
import type { ReactNode } from "react";
import { CopyField } from "@/components/copy-field";
import { ExternalLink, LinkButton } from "@/components/links";
import { Page } from "@/components/page";
import { Script } from "@/components/script";
import type { Grant } from "@/lib/oauth/schema";
import { grantChoices } from "@/lib/registrations/registration/schema";

const GUIDES = [
  { brand: "Microsoft", label: "Microsoft 365", href: "/help/setup" },
  { brand: "Google", label: "Google", href: "/help/setup/google" },
] as const;

type GuidePageProps = { brand: (typeof GUIDES)[number]["brand"]; children: ReactNode };

export function GuidePage({ brand: shown, children }: GuidePageProps) {
  return (
    <Page
      title="Setup guide"
      description={`One-time setup at ${shown}, with every value to copy.`}
      actions={
        <nav aria-label="Platform">
          <ButtonGroup>
            {GUIDES.map(({ brand, label, href }) => (
              <LinkButton
                key={brand}
                href={href}
                size="xs"
                variant={brand === shown ? "filled" : "default"}
                {...(brand === shown && { "aria-current": "page" as const })}
              >
                {label}
              </LinkButton>
            ))}
          </ButtonGroup>
        </nav>
      }
      width="form"
    >
      <Stack gap="lg">
        {children}
        <Group justify="flex-end">
          <LinkButton href="/settings/cloud-providers/new">New Cloud Provider</LinkButton>
        </Group>
      </Stack>
    </Page>
  );
}

type GuideSectionProps = { title: string; id?: string; children: ReactNode };

export function GuideSection({ title, id, children }: GuideSectionProps) {
  return (
    <Paper withBorder p="lg" radius="md" id={id}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

/** In its text, `[App registrations](https://…)` is a page of the platform's own console. */
export type GuideStep = { title: string; text: string; copied?: { label: string; value: string } };

export function GuideSteps({ steps }: { steps: readonly GuideStep[] }) {
  return (
    <List type="ordered" spacing="lg">
      {steps.map(({ title, text, copied }) => (
        <ListItem key={title}>
          <Stack gap="xs">
            <Text size="md" fw={600}>
              {title}
            </Text>
            <Text c="dimmed">{text.split(/(\[[^[\]]+\]\([^()]+\))/).map(linked)}</Text>
            {copied && <CopyField {...copied} />}
          </Stack>
        </ListItem>
      ))}
    </List>
  );
}

function linked(part: string): ReactNode {
  const [, label, href] = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(part) ?? [];
  if (!href) return part;
  return (
    <ExternalLink key={href} href={href}>
      {label}
    </ExternalLink>
  );
}

type GuideChoicesProps = {
  action: "/help/setup" | "/help/setup/google";
  way: Grant;
  ways: readonly Grant[];
  place?: {
    cloud: string;
    clouds: { id: string; label: string }[];
    tenant: string;
    problem: string | null;
  };
};

/** In the page's address, so that it can be sent to a colleague. */
export function GuideChoices({ action, way, ways, place }: GuideChoicesProps) {
  return (
    <Paper withBorder p="lg" radius="md">
      <Form action={action}>
        <Stack gap="sm">
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <NativeSelect
              label="How mailboxes sign in"
              name="way"
              miw={220}
              defaultValue={way}
              data={grantChoices(ways)}
            />
            {place && (
              <NativeSelect
                label="Cloud"
                name="cloud"
                miw={220}
                defaultValue={place.cloud}
                data={place.clouds.map(({ id, label }) => ({ value: id, label }))}
              />
            )}
          </Group>
          {place && (
            <TextInput
              label="Tenant"
              name="tenant"
              description="A domain of the organisation, or its Directory (tenant) ID."
              placeholder="contoso.com"
              autoComplete="off"
              spellCheck={false}
              defaultValue={place.tenant}
              error={place.problem}
            />
          )}
          <Group justify="flex-end">
            <Button type="submit" variant="default">
              Show the steps
            </Button>
          </Group>
        </Stack>
      </Form>
    </Paper>
  );
}

export function ScriptTabs({ scripts }: { scripts: { label: string; text: string }[] }) {
  return (
    <Tabs defaultValue={scripts[0]?.label ?? ""}>
      <TabsList>
        {scripts.map(({ label }) => (
          <TabsTab key={label} value={label}>
            {label}
          </TabsTab>
        ))}
      </TabsList>
      {scripts.map(({ label, text }) => (
        <TabsPanel key={label} value={label} pt="xs">
          <Script label={`${label} script`} text={text} />
        </TabsPanel>
      ))}
    </Tabs>
  );
}
