import { Alert, Button, Stack } from "@mantine/core";

/** Whatever a page could not handle: most often the database is away for a moment. */
export function NotResponding({ retry }: { retry: () => void }) {
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
