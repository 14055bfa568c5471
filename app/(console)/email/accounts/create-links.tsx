"use client";

import { Button, Stack, Text } from "@mantine/core";
import { IconMailShare } from "@tabler/icons-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { FormProblem } from "@/components/form-problem";
import { useAction } from "@/components/use-action";
import type { Selection } from "@/lib/email-accounts/bulk/schema";
import { counted } from "@/lib/kernel/text/schema";
import { LINK_HOURS, type NewSignInLink } from "@/lib/sign-ins/links/schema";
import { endText, ReplaceChoice } from "../sign-in-links/replace-choice";
import { showLinks, useCreateLinks } from "../sign-in-links/use-create-links";

type CreateLinksProps = {
  selection: Selection;
  onCreated?: (count: number) => void;
};

export function CreateLinks({ selection, onCreated }: CreateLinksProps) {
  const { people, problem, plan, replaces, setReplaces, create, askAgain } =
    useCreateLinks(selection);
  const { isBusy, run } = useAction();
  const [isAsking, setAsking] = useState(false);
  const [created, setCreated] = useState(0);
  if (problem) return <FormProblem problem={problem} />;
  if (people === null || people.length === 0) return null;
  const show = (links: readonly NewSignInLink[]) => {
    setAsking(false);
    if (!showLinks(links)) return void askAgain();
    setCreated(links.length);
    onCreated?.(links.length);
  };
  if (created > 0)
    return (
      <Text size="sm" role="status">
        {counted(created, "link was", "links were")} created.
      </Text>
    );
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm">
          You can let owners sign in their own mailboxes: each with a link, without an account here.
          A link works once, within {LINK_HOURS} hours.
        </Text>
        <Text size="sm">
          {counted(people.length, "person still has", "people still have")} to sign in for these
          accounts{people.length > 1 && ", some of them perhaps for several"}.
        </Text>
      </div>
      <ReplaceChoice people={people} replaces={replaces} onChange={setReplaces} />
      <Button
        variant="default"
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconMailShare size={16} />}
        loading={isBusy}
        onClick={() => (plan.replaced > 0 ? setAsking(true) : run(create, show))}
      >
        {plan.label}
      </Button>
      {isAsking && (
        <ConfirmDialog
          title={plan.title}
          confirmLabel={plan.label}
          isDangerous
          action={create}
          onSuccess={show}
          onClose={() => setAsking(false)}
        >
          <Text size="sm">{endText(plan.replaced)}</Text>
        </ConfirmDialog>
      )}
    </Stack>
  );
}
