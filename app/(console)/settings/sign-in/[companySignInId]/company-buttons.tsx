"use client";

import { Button, Group, Text } from "@mantine/core";
import { useState, useTransition } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { DeleteDialog } from "@/components/delete-dialog";
import { goToCompany } from "@/components/go-to-company";
import { LinkButton } from "@/components/links";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useAction } from "@/components/use-action";
import type { CompanySignInRow } from "@/lib/access/company/schema";
import { deleteCompanySignInAction, switchCompanySignInAction } from "../actions";

type CompanyButtonsProps = {
  company: Pick<CompanySignInRow, "id" | "slug" | "name" | "enabled" | "testedAt" | "people">;
};

export function CompanyButtons({ company }: CompanyButtonsProps) {
  const { id } = company;
  return (
    <Group gap="xs">
      <TestButton {...company} />
      <OnOffButton {...company} />
      <LinkButton variant="default" href={routes.editCompanySignIn(id)}>
        Edit
      </LinkButton>
      <DeleteButton {...company} />
    </Group>
  );
}

function TestButton({ slug, testedAt }: CompanyButtonsProps["company"]) {
  const [isBusy, start] = useTransition();
  return (
    <Button
      variant={testedAt ? "default" : "filled"}
      loading={isBusy}
      onClick={() => start(() => goToCompany(slug, { purpose: "test" }))}
    >
      Test sign-in
    </Button>
  );
}

function OnOffButton({ id, name, enabled, testedAt, people }: CompanyButtonsProps["company"]) {
  const { isBusy, run } = useAction();
  if (enabled) return <SwitchOffButton id={id} name={name} people={people} />;
  if (!testedAt) return null;
  const switchOn = () =>
    run(
      () => switchCompanySignInAction({ id, enabled: true }),
      () => notifySuccess(`${name} is on: its button is on the sign-in page.`),
    );
  return (
    <Button loading={isBusy} onClick={switchOn}>
      Switch on
    </Button>
  );
}

type SwitchOffButtonProps = Pick<CompanyButtonsProps["company"], "id" | "name" | "people">;

function SwitchOffButton({ id, name, people }: SwitchOffButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Switch off
      </Button>
      {isOpen && (
        <ConfirmDialog
          title={`Switch off ${name}?`}
          confirmLabel="Switch off"
          isDangerous
          action={() => switchCompanySignInAction({ id, enabled: false })}
          onSuccess={() => {
            notifySuccess(`${name} is off.`);
            setOpen(false);
          }}
          onClose={() => setOpen(false)}
        >
          <Text size="sm">
            No one can sign in with it until it is on again. Sessions that began there end, except
            your own.
          </Text>
          {people > 0 && (
            <Text size="sm">
              {peopleText(people)} in with it. Those without a password are locked out until then.
            </Text>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}

function DeleteButton({ id, name, people }: CompanyButtonsProps["company"]) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Delete
      </Button>
      {isOpen && (
        <DeleteDialog
          name={name}
          action={() => deleteCompanySignInAction({ id })}
          list="/settings/sign-in"
          onClose={() => setOpen(false)}
        >
          <Text size="sm">
            {peopleText(people)} in with it. Their sessions end, and those without a password need a
            password link to sign in again.
          </Text>
        </DeleteDialog>
      )}
    </>
  );
}

function peopleText(people: number): string {
  return people === 1 ? "1 person signs" : `${people.toLocaleString("en")} people sign`;
}
