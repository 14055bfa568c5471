import { Paper } from "@mantine/core";
import type { Metadata } from "next";
import { Page } from "@/components/page";
import { RemedyBody } from "@/components/remedy-panel";
import { requireUser } from "@/lib/auth/session";
import { findRemedy } from "@/lib/remedies/catalogue";

type Props = PageProps<"/help/errors/[remedyId]">;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).remedyId).slice(0, 80) };
}

export default async function RemedyPage({ params }: Props) {
  await requireUser();
  const remedy = findRemedy(decodeURIComponent((await params).remedyId).slice(0, 80));
  return (
    <Page title={remedy.title} parent={{ href: "/help/errors", label: "Errors" }} width="form">
      <Paper withBorder p="lg" radius="md">
        <RemedyBody remedy={remedy} />
      </Paper>
    </Page>
  );
}
