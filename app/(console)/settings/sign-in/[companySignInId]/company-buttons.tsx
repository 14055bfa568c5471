"use client";

import { Button, Group, Text } from "@mantine/core";
import { useTransition } from "react";
import { ActButton, act, deleting } from "@/components/acts";
import { goToCompany } from "@/components/go-to-company";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import type { CompanySignInRow } from "@/lib/people/company/queries";
import { deleteCompanySignInAction, switchCompanySignInAction } from "../actions";

type CompanyButtonsProps = {
  company: Pick<CompanySignInRow, "id" | "slug" | "name" | "enabled" | "testedAt" | "people">;
};

export function CompanyButtons({ company }: CompanyButtonsProps) {
  const { id, name, enabled, testedAt, people } = company;
  const { icon: _icon, ...deletion } = deleting({
    name,
    text: `${peopleText(people)} in with it. Their sessions end, and those without a password need a password link to sign in again.`,
    action: () => deleteCompanySignInAction({ id }),
    list: "/settings/sign-in",
  });
  return (
    <Group gap="xs">
      <TestButton {...company} />
      {enabled && <SwitchOffButton {...company} />}
      {!enabled && testedAt && (
        <ActButton
          variant="filled"
          label="Switch on"
          run={act(
            () => switchCompanySignInAction({ id, enabled: true }),
            `${name} is on: its button is on the sign-in page.`,
          )}
        />
      )}
      <LinkButton variant="default" href={routes.editCompanySignIn(id)}>
        Edit
      </LinkButton>
      <ActButton {...deletion} />
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

function SwitchOffButton({ id, name, people }: CompanyButtonsProps["company"]) {
  return (
    <ActButton
      label="Switch off"
      isDangerous
      confirm={{
        title: `Switch off ${name}?`,
        text: (
          <>
            <Text>
              No one can sign in with it until it is on again. Sessions that began there end, except
              your own.
            </Text>
            {people > 0 && (
              <Text>
                {peopleText(people)} in with it. Those without a password are locked out until then.
              </Text>
            )}
          </>
        ),
      }}
      run={act(() => switchCompanySignInAction({ id, enabled: false }), `${name} is off.`)}
    />
  );
}

function peopleText(people: number): string {
  return people === 1 ? "1 person signs" : `${people.toLocaleString("en")} people sign`;
}
