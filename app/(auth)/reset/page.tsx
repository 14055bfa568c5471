import { Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { ResetForm } from "./reset-form";

export const metadata: Metadata = { title: "New password" };

/** Whether the link is good shows when it is used: its token stays behind the #, out of the server's logs. */
export default function ResetPage() {
  return (
    <>
      <Title order={1} size="h3" mb={4}>
        Choose a new password
      </Title>
      <Text c="dimmed" size="sm" mb="md">
        The link that brought you here works once. You are signed out everywhere else.
      </Text>
      <ResetForm />
    </>
  );
}
