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

export function RoleSection({ person: { id, name, role }, decidedBy }: RoleSectionProps) {
  return (
    <Can permission="administrators:write">
      <Section title="Role">
        {decidedBy === undefined ? (
          <RoleForm id={id} name={name} role={role} />
        ) : (
          <Text size="sm">
            {decidedBy} decides this role at each sign-in. Change the person's groups there.
          </Text>
        )}
      </Section>
    </Can>
  );
}
