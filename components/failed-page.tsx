import { Alert, Button, Center, Stack, Title } from "@mantine/core";
import { Brand } from "./brand";
import { Page } from "./page";

const TITLE = "This page could not be loaded";

type FailedProps = { retry: () => void };

export function FailedInConsole({ retry }: FailedProps) {
  return (
    <Page title={TITLE}>
      <NotResponding retry={retry} />
    </Page>
  );
}

export function FailedPage({ retry }: FailedProps) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack>
        <Brand />
        <Title order={1} size="h2">
          {TITLE}
        </Title>
        <NotResponding retry={retry} />
      </Stack>
    </Center>
  );
}

function NotResponding({ retry }: FailedProps) {
  return (
    <Stack maw="60ch" align="flex-start">
      <Alert color="red">
        Postkey or its database is busy or not responding. Nothing was lost. Another process keeps
        tokens alive in the meantime.
      </Alert>
      <Button onClick={retry}>Try again</Button>
    </Stack>
  );
}
