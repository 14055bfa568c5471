import { Text } from "@mantine/core";
import { Can } from "@/components/can";
import { Section } from "@/components/section";
import type { AdministratorRow } from "@/lib/access/administrators/schema";
import { RoleForm } from "./role-form";

type RoleSectionProps = {
  person: AdministratorRow;
  /** The company sign-in whose claims give the role. */
  decidedBy: string | undefined;
};

export function RoleSection({ person, decidedBy }: RoleSectionProps) {
  const { id, name, role, disabledBy } = person;
  return (
    <Can permission="administrators:write">
      <Section title="Role">
        {decidedBy === undefined ? (
          <RoleForm id={id} name={name} role={role} />
        ) : (
          <Text size="sm">
            {disabledBy === null
              ? `${decidedBy} decides this role at each sign-in. Change the person's groups there.`
              : `${disabledBy} no longer gives ${name} a role. Change the person's groups there, or enable the person here.`}
          </Text>
        )}
      </Section>
    </Can>
  );
}
