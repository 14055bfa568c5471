import { Center, Paper, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Brand } from "@/components/brand";
import { Toasts } from "@/components/notify";

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={420} gap="lg">
        <Brand />
        <Paper withBorder p="xl" radius="md">
          {children}
        </Paper>
        <Toasts />
      </Stack>
    </Center>
  );
}
