import { Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isSetUpPageOpen } from "@/lib/access/administrators/set-up";
import { findWaysIn } from "@/lib/access/company/queries";
import { SetUpForm } from "./set-up-form";

export const metadata: Metadata = { title: "Set up" };

export default async function SetUpPage() {
  if (!(await isSetUpPageOpen())) notFound();
  return (
    <>
      <Title order={1} size="h3" mb={4}>
        Create your account
      </Title>
      <Text c="dimmed" size="sm" mb="md">
        You can use this page once, with the link that brought you here.
      </Text>
      <SetUpForm companies={(await findWaysIn()).buttons} />
    </>
  );
}
