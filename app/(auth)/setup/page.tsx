import { Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isSetUpOpen } from "@/lib/administrators/set-up";
import { SetUpForm } from "./set-up-form";

export const metadata: Metadata = { title: "Set up" };

export default async function SetUpPage() {
  if (!(await isSetUpOpen())) notFound();
  return (
    <>
      <Title order={1} size="h3" mb={4}>
        Create the first administrator
      </Title>
      <Text c="dimmed" size="sm" mb="md">
        This page works once, with the link that was printed at the first start.
      </Text>
      <SetUpForm />
    </>
  );
}
