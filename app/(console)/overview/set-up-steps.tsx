import { Paper, SimpleGrid, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconArrowRight, IconCheck } from "@tabler/icons-react";
import type { Route } from "next";
import { CanOpen } from "@/components/can";
import { LinkButton } from "@/components/links";
import type { SetUpProgress } from "@/lib/email-accounts/queries";
import { PLATFORM_NAMES } from "@/lib/oauth/platforms/schema";

type Step = { isDone: boolean; title: string; text: string; href: Route; label: string };

export function SetUpSteps({ progress }: { progress: SetUpProgress }) {
  const steps: Step[] = [
    {
      isDone: progress.hasProvider,
      title: "Register a cloud provider",
      text: `The app registration at ${PLATFORM_NAMES} that signs your mailboxes in.`,
      href: "/settings/cloud-providers/new",
      label: "New Cloud Provider",
    },
    {
      isDone: progress.hasAuthorization,
      title: "Authenticate",
      text: "Sign a mailbox in once. Postkey keeps it signed in from then on.",
      href: "/settings/cloud-providers",
      label: "Cloud Providers",
    },
    {
      isDone: progress.hasAccount,
      title: "Add an email account",
      text: "Bind the mailbox to its provider, so that your software can use it.",
      href: "/email/accounts/new",
      label: "New Email Account",
    },
    {
      isDone: progress.hasPassedTest,
      title: "Test the connection",
      text: "Prove that IMAP, SMTP and POP3 really work, stage by stage.",
      href: "/email/accounts",
      label: "Email Accounts",
    },
  ];
  const next = steps.findIndex((step) => !step.isDone);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
      {steps.map((step, index) => (
        <StepCard key={step.title} step={step} number={index + 1} isNext={index === next} />
      ))}
    </SimpleGrid>
  );
}

function StepCard({ step, number, isNext }: { step: Step; number: number; isNext: boolean }) {
  const { isDone, title, text, href, label } = step;
  return (
    <Paper withBorder p="lg" radius="md" component="section">
      <Stack h="100%" gap="sm" align="flex-start">
        <ThemeIcon
          radius="xl"
          color={isDone ? "teal" : "indigo"}
          variant={isDone ? "filled" : "light"}
        >
          {isDone ? <IconCheck size={16} aria-label="done" /> : number}
        </ThemeIcon>
        <Title order={2} size="h5">
          {title}
        </Title>
        <Text c="dimmed" flex={1}>
          {text}
        </Text>
        <CanOpen href={href} otherwise={!isDone && <Text>Ask an administrator.</Text>}>
          <LinkButton
            href={href}
            variant={isNext ? "filled" : "default"}
            rightSection={<IconArrowRight size={16} />}
          >
            {label}
          </LinkButton>
        </CanOpen>
      </Stack>
    </Paper>
  );
}
