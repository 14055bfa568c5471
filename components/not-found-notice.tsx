import { Center, Stack, Text, Title } from "@mantine/core";
import { TextLink } from "./links";

export function NotFoundNotice() {
  return (
    <Center component="main" mih="70dvh" p="md">
      <Stack align="center" gap="xs" ta="center">
        <Title order={1} size="h3">
          Not found
        </Title>
        <Text size="md" c="dimmed">
          It does not exist, or it was deleted.
        </Text>
        <TextLink size="md" href="/">
          Back to Postkey
        </TextLink>
      </Stack>
    </Center>
  );
}
