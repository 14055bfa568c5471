import {
  Anchor,
  ButtonGroup,
  Group,
  List,
  ListItem,
  Paper,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import type { ReactNode } from "react";
import { CopyField } from "@/components/copy-field";
import { LinkButton } from "@/components/links";
import { Page } from "@/components/page";

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

export function GuideSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper withBorder p="lg" radius="md">
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

/** In its text, `[App registrations](https://…)` is a page of the platform's own console. */
export type GuideStep = {
  title: string;
  text: string;
  copied?: { label: string; value: string };
};

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
    <Anchor
      key={href}
      href={href}
      target="_blank"
      rel="noreferrer"
      inherit
      underline="always"
      c="inherit"
    >
      {label}
    </Anchor>
  );
}
